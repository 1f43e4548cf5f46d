import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Rig } from '@stellwerk/testing/rig';

const run = promisify(execFile);
/** As a list in SQL; names of our own only. */
export const literals = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

/** Beside what the tables take already: enough for what comes when the disk is free again. */
const ROOM_MEGABYTES = 48;

/** A disk at `dir` with a few megabytes more than the tables of `schemas` take, and the folder `space` that belongs to Postgres' user. Gives the reason where the machine does not let us. */
export const mountSmallDisk = async (rig: Rig, dir: string, schemas: readonly string[]): Promise<string | undefined> => {
  const [taken] = await rig.query<{ megabytes: string }>(`SELECT ceil(sum(pg_table_size(format('%I.%I', schemaname, tablename)::regclass)) / 1048576) AS megabytes FROM pg_tables WHERE schemaname IN (${literals(schemas)})`);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${Number(taken!.megabytes) + ROOM_MEGABYTES}m,mode=0711`, 'stellwerk-faults', dir]);
  } catch (error) {
    return `mounting a small disk is not allowed (${(error as Error).message.trim().split('\n').at(-1)})`;
  }
  const [row] = await rig.query<{ dir: string }>("SELECT current_setting('data_directory') AS dir");
  const { uid, gid } = statSync(row!.dir);
  const space = join(dir, 'space');
  mkdirSync(space, { mode: 0o700 });
  chownSync(space, uid, gid);
  return undefined;
};

/** Postgres may still hold a deleted file open: the disk goes when the last of them does. */
export const unmount = async (dir: string): Promise<void> => {
  await run('umount', ['--lazy', dir]);
};
