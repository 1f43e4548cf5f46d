import { stat } from 'node:fs/promises';
import { loadDirectory, secretFaults, Secrets } from '@stellwerk/config';
import { sortFaults, type Fault } from '@stellwerk/flows';
import { secretVariables } from '../cli.config.js';
import { UsageError } from '../terminal.js';

export interface LintResult {
  faults: Fault[];
  errors: number;
  warnings: number;
  files: number;
  /** Valid resources by kind. */
  resources: { connections: number; flows: number; channels: number; environments: number };
}

/** Checks every resource file below `dir`. Throws UsageError when there is nothing to check: an empty folder is a wrong path. */
export const lint = async (dir: string, unsetSecrets: Fault['severity']): Promise<LintResult> => {
  await stat(dir).catch(() => notThere(dir));
  const { resources, faults, secrets, files } = await loadDirectory(dir);
  if (files.length === 0 && faults.length === 0) throw new UsageError(`${dir}: no .yaml or .yml files in it`);
  const all = sortFaults([...faults, ...secretFaults(secrets, new Secrets(secretVariables()), { severity: unsetSecrets })]);
  const errors = all.filter(({ severity }) => severity === 'error').length;
  const count = (record: object): number => Object.keys(record).length;
  return {
    faults: all, errors, warnings: all.length - errors, files: files.length,
    resources: {
      connections: count(resources.connections), flows: count(resources.flows),
      channels: count(resources.channels), environments: count(resources.environments),
    },
  };
};

const notThere = (dir: string): never => {
  throw new UsageError(`${dir}: no such directory`);
};
