import { stat } from 'node:fs/promises';
import { loadDirectory, secretFaults, Secrets } from '@stellwerk/config';
import { sortFaults, type Fault } from '@stellwerk/flows';
import { secretVariables } from '../cli.config.js';
import { lintReport, type LintReport } from '@stellwerk/trial';
import { UsageError } from '../terminal.js';

/** Checks every resource file below `dir`. Throws UsageError when there is nothing to check: an empty folder is a wrong path. */
export const lint = async (dir: string, unsetSecrets: Fault['severity']): Promise<LintReport> => {
  await stat(dir).catch(() => notThere(dir));
  const { resources, faults, secrets, files } = await loadDirectory(dir);
  if (files.length === 0 && faults.length === 0) throw new UsageError(`${dir}: no .yaml or .yml files in it`);
  const all = sortFaults([...faults, ...secretFaults(secrets, new Secrets(secretVariables()), { severity: unsetSecrets })]);
  return lintReport({ resources, faults: all }, files);
};

const notThere = (dir: string): never => {
  throw new UsageError(`${dir}: no such directory`);
};
