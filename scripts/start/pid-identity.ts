import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

// Fields 3 and 22 of /proc/<pid>/stat: state, and start time in ticks since boot. The second field may itself hold spaces and brackets.
// A process that has ended stays there as a zombie until its parent asks for it, in containers without an init for ever.
const fromProc = (pid: number): string | undefined => {
  try {
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return state === 'Z' || state === 'X' ? undefined : fields[18];
  } catch {
    return undefined; // No such process.
  }
};

const fromPs = (pid: number): string | undefined => {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined; // `ps` fails when there is no such process.
  }
};

/** When the process with this number began; numbers are used again, the pair is not. Undefined = no such process. */
export const pidIdentity = (pid: number): string | undefined => (existsSync('/proc/self/stat') ? fromProc(pid) : fromPs(pid));

/** Whether this very process still runs. */
export const stillRuns = (process: { pid: number; identity: string }): boolean => pidIdentity(process.pid) === process.identity;
