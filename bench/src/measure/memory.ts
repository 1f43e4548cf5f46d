import { residentMegabytes } from './processes.ts';

interface Process {
  readonly name: string;
  readonly pid: number;
}

const SETTLE_MS = 5_000;
const LOOK_MS = 500;

const read = (processes: readonly Process[]): Record<string, number> =>
  Object.fromEntries(processes.map(({ name, pid }) => [name, residentMegabytes(pid)]));

/** Resident megabytes by name, after things have come to rest. */
export const memoryOf = async (processes: readonly Process[]): Promise<Record<string, number>> => {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return read(processes);
};

/** Watches until it is stopped, and then gives the most each had. */
export const watchMemory = (processes: readonly Process[]): { stop: () => Record<string, number> } => {
  const most: Record<string, number> = {};
  const look = (): void => {
    for (const [name, megabytes] of Object.entries(read(processes))) most[name] = Math.max(most[name] ?? 0, megabytes);
  };
  const timer = setInterval(look, LOOK_MS);
  return { stop: () => { clearInterval(timer); look(); return most; } };
};
