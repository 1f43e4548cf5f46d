import { readFileSync, readdirSync } from 'node:fs';

/** A process by the name it has in tables; processes of one name are added up. */
export interface Measured {
  readonly label: string;
  readonly pid: number;
  /** Its children are counted too. */
  readonly family?: boolean;
}

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;
const PAGE = 4096;

interface Times {
  parent: number;
  ownMs: number;
  /** Of children that have ended. */
  childrenMs: number;
}

// After the command's name, which may hold anything: state is field 3, ppid 4, utime 14, stime 15, cutime 16, cstime 17.
const timesOf = (pid: number | string): Times | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const at = (field: number): number => Number(fields[field - 3]);
    return { parent: at(4), ownMs: (at(14) + at(15)) * TICK_MS, childrenMs: (at(16) + at(17)) * TICK_MS };
  } catch {
    return undefined; // It has ended between the listing and the reading.
  }
};

const cpuMs = (pid: number): number => timesOf(pid)?.ownMs ?? 0;

/** Postgres is a process a connection: the sum of the postmaster's children, of those that have ended, and of itself. */
const familyMs = (pid: number): number => {
  const whole = timesOf(pid);
  if (!whole) return 0;
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(timesOf).filter((times) => times?.parent === pid);
  return children.reduce((sum, times) => sum + times!.ownMs, whole.ownMs + whole.childrenMs);
};

/** Processor time so far in ms, by label. */
export const cpuOf = (processes: readonly Measured[]): Record<string, number> => {
  const times: Record<string, number> = {};
  for (const { label, pid, family } of processes) times[label] = (times[label] ?? 0) + (family ? familyMs(pid) : cpuMs(pid));
  return times;
};

/** What ran between two readings. */
export const difference = (after: Record<string, number>, before: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]));

/** Resident memory in megabytes. */
export const residentMegabytes = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE / 1024 ** 2;

/** Share of the machine that something else than the given processes used between two readings of /proc/stat. */
export const machineMs = (): { busyMs: number; idleMs: number } => {
  const [user, nice, system, idle, wait, irq, soft] = readFileSync('/proc/stat', 'latin1').split('\n')[0]!.trim().split(/\s+/).slice(1).map(Number);
  return { busyMs: (user! + nice! + system! + irq! + soft!) * TICK_MS, idleMs: (idle! + wait!) * TICK_MS };
};

/** Each value divided by the same. */
export const divided = (times: Record<string, number>, by: number): Record<string, number> =>
  Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, ms / by]));
