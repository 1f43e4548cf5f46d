import {
  checkPostgres, dropStaleLock, ensureDatabase, initialisePostgres, postgresPlace, postgresServer, postgresUrl, postgresUser, untilReachable, POSTGRES_NAME,
} from '@stellwerk/local-servers';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import type { DataDir } from './data-dir.ts';
import { messageOf, StartFailed } from './errors.ts';
import { EXTERNAL_WAIT_MS } from './nats.ts';
import type { ProcessSpec } from './process-spec.ts';

// The data lies outside of the data folder: when that was removed to begin anew, its other half must go too.
const forgetOlderState = async (data: DataDir, outside: string): Promise<void> => {
  const marker = data.file('postgres-moved');
  if (!existsSync(marker)) await rm(outside, { recursive: true, force: true });
  await writeFile(marker, `${outside}\n`);
};

/** The embedded Postgres: what to run, its address, and what to do once it is up. */
export const embeddedPostgres = async (data: DataDir, say: (line: string) => void): Promise<{ spec: ProcessSpec; url: string; prepare: () => Promise<void> }> => {
  const place = await postgresPlace(data.file('postgres'), postgresUser());
  if (place.note) {
    say(place.note);
    await forgetOlderState(data, place.dataDir);
  }
  const password = data.secret('postgres');
  await initialisePostgres(place, password);
  const port = await data.port('postgres');
  const adminUrl = postgresUrl(port, password, 'postgres');
  return {
    url: postgresUrl(port, password),
    prepare: () => ensureDatabase(adminUrl, POSTGRES_NAME),
    spec: {
      // SIGINT is Postgres' fast shutdown: clients are disconnected, data is written.
      name: 'postgres', channel: false, readyWithinMs: 60_000, stop: { signal: 'SIGINT', graceMs: 10_000 },
      command: async () => {
        await dropStaleLock(place.dataDir);
        return postgresServer(place, port);
      },
      check: () => checkPostgres(adminUrl),
    },
  };
};

/** Throws an error that names the variable when the database in DATABASE_URL does not answer. */
export const requirePostgres = async (url: string): Promise<void> => {
  if (!URL.canParse(url)) throw new StartFailed('DATABASE_URL is no address: expected postgres://user:password@host:port/database');
  const { host, pathname } = new URL(url);
  try {
    await untilReachable(() => checkPostgres(url), `${host}${pathname}`, EXTERNAL_WAIT_MS);
  } catch (error) {
    throw new StartFailed(`DATABASE_URL points to a database that cannot be reached: ${messageOf(error)}. Unset DATABASE_URL to use the embedded one.`);
  }
};
