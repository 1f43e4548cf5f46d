import { loadDirectory } from '@stellwerk/config';
import { formatFault, type ResourceSet } from '@stellwerk/flows';
import { CommandFailed } from '../terminal.js';

/** The resources of a directory without a fault. Throws CommandFailed with all faults. */
export const loadValid = async (dir: string): Promise<ResourceSet> => {
  const { resources, faults } = await loadDirectory(dir);
  const errors = faults.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new CommandFailed(`${dir} is not valid:\n${errors.map(formatFault).join('\n')}`);
  return resources;
};
