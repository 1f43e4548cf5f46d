import {
  checkNats, checkPostgres, ensureDatabase, freePort, initialisePostgres, natsServerBinary, postgresPlace, postgresServer, postgresUrl, postgresUser, prepareNats,
  untilReachable, POSTGRES_NAME,
} from '@stellwerk/local-servers';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startChild, type Child } from './child.ts';

const START_MS = 60_000;
const PASSWORD = 'bench';

export interface Server extends Child {
  readonly url: string;
}

/** NATS as `npm start` runs it; with `syncAlways` each write is on the disk before it is confirmed. */
export const startNats = async (dir: string, { syncAlways }: { syncAlways: boolean }): Promise<Server> => {
  const port = await freePort();
  const command = await prepareNats({ binary: await natsServerBinary(), dir: join(dir, 'nats'), port, syncAlways });
  const child = startChild('nats', command, join(dir, 'nats.log'));
  await untilReachable(() => checkNats('127.0.0.1', port), 'nats', START_MS);
  return { ...child, url: `nats://127.0.0.1:${port}` };
};

/** Postgres as `npm start` runs it: fsync and synchronous_commit on. `statements` loads pg_stat_statements, which costs a little. */
export const startPostgres = async (dir: string, { statements }: { statements: boolean }): Promise<Server> => {
  const wanted = join(dir, 'postgres');
  const place = await postgresPlace(wanted, postgresUser());
  await initialisePostgres(place, PASSWORD);
  const port = await freePort();
  const child = startChild('postgres', postgresServer(place, port, statements ? { shared_preload_libraries: 'pg_stat_statements' } : {}), join(dir, 'postgres.log'));
  const admin = postgresUrl(port, PASSWORD, 'postgres');
  await untilReachable(() => checkPostgres(admin), 'postgres', START_MS);
  await ensureDatabase(admin, POSTGRES_NAME);
  return {
    ...child, url: postgresUrl(port, PASSWORD),
    stop: async () => {
      await child.stop('SIGINT');
      if (place.dataDir !== wanted) await rm(dirname(place.dataDir), { recursive: true, force: true });
    },
  };
};
