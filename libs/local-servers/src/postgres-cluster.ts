import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresPlace } from './postgres-place.js';

const run = promisify(execFile);

/** Name of the superuser and of the database. */
export const POSTGRES_NAME = 'stellwerk';

/** Makes the cluster unless it is there; the password goes to the superuser. */
export const initialisePostgres = async (place: PostgresPlace, password: string): Promise<void> => {
  if (existsSync(join(place.dataDir, 'PG_VERSION'))) return;
  const fresh = `${place.dataDir}.new`;
  const passwordFile = `${place.dataDir}.password`;
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    await emptyFolder(fresh);
    if (place.user) await Promise.all([passwordFile, fresh].map((path) => chown(path, place.user!.uid, place.user!.gid)));
    await initdb(place, fresh, passwordFile);
    // Renamed when it is whole: an interrupted initdb leaves nothing that looks like a cluster.
    await rm(place.dataDir, { recursive: true, force: true });
    await rename(fresh, place.dataDir);
  } finally {
    await rm(passwordFile, { force: true });
  }
};

const emptyFolder = async (dir: string): Promise<void> => {
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true, mode: 0o700 });
};

const initdb = ({ binDir, user }: PostgresPlace, dataDir: string, passwordFile: string): Promise<unknown> =>
  run(join(binDir, 'initdb'), [
    '--pgdata', dataDir, '--username', POSTGRES_NAME, '--pwfile', passwordFile, '--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C',
  ], { cwd: '/', env: { LC_ALL: 'C' }, ...(user ? { uid: user.uid, gid: user.gid } : {}) });

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
