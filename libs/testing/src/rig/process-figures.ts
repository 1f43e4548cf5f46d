import { readFileSync, readdirSync } from 'node:fs';

// Linux counts in hundredths of a second and pages of 4 KiB on every machine we run on.
const TICKS_A_SECOND = 100;
const PAGE_BYTES = 4_096;

/** What follows the process's name in its stat file; the name may hold spaces, what follows its bracket does not. */
const statOf = (pid: number): string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

/** True while it is held by SIGSTOP. */
export const isStopped = (pid: number): boolean => statOf(pid)[0] === 'T';

/** Processor seconds (user and system) a process has used so far. */
export const cpuSecondsOf = (pid: number): number => {
  const fields = statOf(pid); // utime and stime are fields 14 and 15 of the whole.
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
};

/** Memory of a process that is in use now, in bytes. */
export const rssBytesOf = (pid: number): number => Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;

/** Open files and sockets of a process. */
export const handlesOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
