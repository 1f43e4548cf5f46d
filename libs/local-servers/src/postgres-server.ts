import { join } from 'node:path';
import pg from 'pg';
import type { ServerCommand } from './command.js';
import { POSTGRES_NAME } from './postgres-cluster.js';
import type { PostgresPlace } from './postgres-place.js';

/** Every service in a few replicas, each with a pool of its own. */
const MAX_CONNECTIONS = 300;

/** How the cluster is started; on loopback only, without a socket file. `settings` are further `-c name=value`. */
export const postgresServer = (place: PostgresPlace, port: number, settings: Readonly<Record<string, string | number>> = {}): ServerCommand => {
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port, max_connections: MAX_CONNECTIONS, ...settings };
  return {
    command: join(place.binDir, 'postgres'),
    args: ['-D', place.dataDir, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    cwd: '/',
    env: { LC_ALL: 'C' },
    ...(place.user ? { uid: place.user.uid, gid: place.user.gid } : {}),
  };
};

/** The address of a database of the local cluster. */
export const postgresUrl = (port: number, password: string, database: string = POSTGRES_NAME): string =>
  `postgres://${POSTGRES_NAME}:${password}@127.0.0.1:${port}/${database}`;

/** Makes the database unless it is there; `adminUrl` points to another one of the same cluster. */
export const ensureDatabase = async (adminUrl: string, name: string): Promise<void> => {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
};
