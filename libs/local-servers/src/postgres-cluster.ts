import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresPlace } from './postgres-place.js';

const run = promisify(execFile);

/** Name of the superuser and of the database. */
export const POSTGRES_NAME = 'stellwerk';

/** Makes the cluster unless it is there; the password goes to the superuser. */
export const initialisePostgres = async (place: PostgresPlace, password: string): Promise<void> => {
  if (existsSync(join(place.dataDir, 'global', 'pg_control'))) return;
  const passwordFile = join(dirname(place.dataDir), `.${POSTGRES_NAME}-password-${process.pid}`);
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    if (place.user) await chown(passwordFile, place.user.uid, place.user.gid);
    // What an initdb that was interrupted left behind makes the next one refuse.
    await emptyFolder(place.dataDir);
    await run(join(place.binDir, 'initdb'), [
      '--pgdata', place.dataDir, '--username', POSTGRES_NAME, '--pwfile', passwordFile, '--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C',
    ], { cwd: '/', env: { PATH: process.env['PATH'], LC_ALL: 'C' }, ...(place.user ? { uid: place.user.uid, gid: place.user.gid } : {}) });
  } finally {
    await rm(passwordFile, { force: true });
  }
};

const emptyFolder = async (dir: string): Promise<void> => {
  const { readdir } = await import('node:fs/promises');
  await Promise.all((await readdir(dir)).map((name) => rm(join(dir, name), { recursive: true, force: true })));
};

/**
 * Removes a lock file whose process is no Postgres of this folder any more: after a crash of the machine or a container
 * the number may belong to something else, and Postgres would then refuse to start for ever.
 */
export const dropStaleLock = async (dataDir: string): Promise<void> => {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file) || !existsSync('/proc/self/cmdline')) return;
  const pid = Number((await readFile(file, 'utf8')).split('\n')[0]);
  const command = existsSync(`/proc/${pid}/cmdline`) ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') : '';
  if (!command.split('\0').includes(dataDir)) await rm(file, { force: true });
};
