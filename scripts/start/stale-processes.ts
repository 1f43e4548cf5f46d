import { setTimeout as delay } from 'node:timers/promises';
import { stillRuns } from './pid-identity.ts';
import { ProcessTable } from './process-table.ts';

const GRACE_MS = 5_000;

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // It ended by itself meanwhile.
  }
};

/** Ends what a supervisor that was killed left running; its own processes only, told by number and start time. The names. */
export const endStaleProcesses = async (file: string): Promise<string[]> => {
  const stale = ProcessTable.read(file).filter(stillRuns);
  for (const { pid } of stale) signal(pid, 'SIGTERM');
  const until = Date.now() + GRACE_MS;
  while (stale.some(stillRuns) && Date.now() < until) await delay(50);
  for (const { pid } of stale.filter(stillRuns)) signal(pid, 'SIGKILL');
  while (stale.some(stillRuns)) await delay(20);
  return stale.map(({ name }) => name);
};
