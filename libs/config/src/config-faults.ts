import type { ServiceName } from '@stellwerk/contracts';
import { sortFaults, type Fault, type ResourceSet } from '@stellwerk/flows';
import type { LoadedDirectory } from './load-directory.js';
import { secretFaults } from './secret-faults.js';
import type { Secrets } from './secrets.js';

const isError = ({ severity }: Fault): boolean => severity === 'error';

/** Whether the files are wrong by themselves, whatever is set. */
export const hasErrors = ({ faults }: LoadedDirectory): boolean => faults.some(isError);

/** What forbids the service to use a set: errors in it, and secrets of its own that are not set. */
export const faultsOf = (loaded: LoadedDirectory, service: ServiceName, secrets: Secrets): Fault[] =>
  sortFaults([...loaded.faults.filter(isError), ...secretFaults(loaded.secrets, secrets, { service })]);

export const hasResources = ({ connections, flows, channels, environments }: ResourceSet): boolean =>
  [connections, flows, channels, environments].some((record) => Object.keys(record).length > 0);

/** A mount that is missing looks like this too, and would silently end every flow and close every door. */
export const nothingThere = (directory: string): Fault => ({
  file: directory, line: 1, column: 1, severity: 'error',
  message: 'expected at least one *.yaml file, as before; if nothing shall be in force any more, leave one that is empty',
});
