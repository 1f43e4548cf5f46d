import {
  checkPostgres, ended, ensureDatabase, freePort, initialisePostgres, postgresPlace, postgresServer, postgresUrl, postgresUser, spawnServer, stopServer, untilReachable,
} from '@stellwerk/local-servers';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from './temp-dir.js';

export interface TestPostgres {
  port: number;
  /** Of the postmaster that runs now. */
  readonly pid: number;
  url(database?: string): string;
  /** A fresh, empty database; its URL. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
  /** SIGKILL of the postmaster; the data stays for `restart`. */
  kill(): Promise<void>;
  restart(): Promise<void>;
}

const PASSWORD = 'test';
const START_MS = 30_000;
// A test cluster need not survive the machine, only its own processes.
const FAST: Readonly<Record<string, string | number>> = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Makes a fresh database in the cluster `adminUrl` points to; the URL of the new one. */
export const createDatabaseIn = async (adminUrl: string): Promise<string> => {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await ensureDatabase(adminUrl, name);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.toString();
};

/** A real Postgres cluster of its own in a temporary folder, on a free port. `settings`: those of the server; by default it does not wait for the disk. */
export const startTestPostgres = async (settings = FAST): Promise<TestPostgres> => {
  const dir = await tempDir('postgres');
  await chmod(dir.path, 0o711);
  const place = await postgresPlace(join(dir.path, 'data'), postgresUser());
  await initialisePostgres(place, PASSWORD);
  const port = await freePort();
  const url = (database = 'postgres'): string => postgresUrl(port, PASSWORD, database);
  let child: ChildProcess;
  // After a kill it refuses to start until the last of the old backends has noticed.
  const start = async (): Promise<void> => {
    child = spawnServer(postgresServer(place, port, settings), 'ignore');
    await untilReachable(async () => {
      if (child.exitCode !== null) child = spawnServer(postgresServer(place, port, settings), 'ignore');
      await checkPostgres(url());
    }, 'Postgres', START_MS);
  };
  const stop = (): Promise<void> => stopServer(child, 'SIGINT', 10_000);
  await start();
  return {
    port, url,
    get pid() { return child.pid!; },
    createDatabase: () => createDatabaseIn(url()),
    stop: async () => { await stop(); await dir.remove(); },
    kill: async () => { child.kill('SIGKILL'); await ended(child); },
    restart: async () => { await stop(); await start(); },
  };
};
