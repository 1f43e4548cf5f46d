import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inRoot } from '../../../scripts/bootstrap/root.mjs';
import type { Target } from '../load/loops.ts';
import type { Measured } from '../measure/processes.ts';
import type { Child } from './child.ts';

/** Something that takes webhooks and calls the platform: ours, or the floor. */
export interface System {
  readonly driver: Child;
  readonly platform: Child;
  readonly platformPort: number;
  /** Where webhooks go. */
  readonly target: Target;
  /** Every process whose cost is told. */
  readonly measured: readonly Measured[];
  /** What works on webhooks after they were accepted, in processes of its own. */
  readonly behind: readonly Child[];
  /** It makes no promise that a webhook leads to a call once only. */
  readonly mayRepeat?: boolean;
  /** Throws when one of its processes has ended. */
  check(): void;
  /** Resolves when nothing is left to do. */
  untilDone(): Promise<void>;
  stop(): Promise<void>;
}

let folders = 0;

/** What a bench that was killed left behind. */
const removeLeftOvers = async (): Promise<void> => {
  const base = inRoot('.stellwerk');
  await mkdir(base, { recursive: true });
  for (const name of await readdir(base)) {
    const owner = /^bench-(\d+)-\d+$/.exec(name)?.[1];
    if (owner && !existsSync(`/proc/${owner}`)) await rm(join(base, name), { recursive: true, force: true });
  }
};

/** A folder on the disk of the project, since /tmp may be memory, where a sync costs nothing. */
export const benchFolder = async (): Promise<{ dir: string; started: Child[]; check: () => void; stop: () => Promise<void> }> => {
  const dir = inRoot('.stellwerk', `bench-${process.pid}-${folders += 1}`);
  if (folders === 1) await removeLeftOvers();
  await mkdir(dir, { recursive: true });
  const started: Child[] = [];
  const stop = async (): Promise<void> => {
    for (const child of started.reverse()) await child.stop();
    await rm(dir, { recursive: true, force: true });
  };
  const check = (): void => { for (const child of started) child.check(); };
  return { dir, started, check, stop };
};
