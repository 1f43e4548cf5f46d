import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig } from '@stellwerk/testing/rig';

// Only JavaScript's clock is moved: timers and the monotonic clock go on as they are, as they do when an operator sets a machine's time.
const CLOCK = `
const offset = Number(process.env.RIG_CLOCK_OFFSET_MS ?? 0);
const Real = Date;
globalThis.Date = class Date extends Real {
  constructor(...values) { super(...(values.length === 0 ? [Real.now() + offset] : values)); }
  static now() { return Real.now() + offset; }
};
`;

const STALL = `
process.on('SIGUSR2', () => {
  const until = performance.now() + Number(process.env.RIG_STALL_MS ?? 20000);
  while (performance.now() < until);
});
`;

const preload = (rig: Rig, name: string, text: string): string => {
  const dir = join(rig.dir, 'preload');
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${name}.mjs`);
  writeFileSync(file, text);
  return `--import ${file}`;
};

/** Environment of a process whose clock is off by so much. */
export const wrongClock = (rig: Rig, offsetMs: number): NodeJS.ProcessEnv => ({ NODE_OPTIONS: preload(rig, 'clock', CLOCK), RIG_CLOCK_OFFSET_MS: String(offsetMs) });

/** Environment of a process whose event loop stands still for so long at each SIGUSR2. */
export const stallable = (rig: Rig, ms: number): NodeJS.ProcessEnv => ({ NODE_OPTIONS: preload(rig, 'stall', STALL), RIG_STALL_MS: String(ms) });
