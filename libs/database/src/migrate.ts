import { ConfigFault, Secret, messageOf, sleep } from '@stellwerk/service-kit';
import type { ServiceName } from '@stellwerk/contracts';
import pg from 'pg';
import { isAway } from './database-failure.js';
import { databaseSettings, schemaOf, shownUrl, type DatabaseSettings } from './database.config.js';
import type { MigrationClass } from './migration.js';

const REACH_MS = 20_000;
const LOCK_MS = 120_000;
const LOCK_TIMEOUT_MS = 10_000;
const AGAIN_MS = 300;

/**
 * Brings a service's schema up to date: one job at a time (advisory lock on a connection of its own), each migration
 * in its own transaction, none waiting long for a lock. Gives the names of what it ran. Waits up to 20 s for a
 * database that is not there yet.
 */
export async function runMigrations(service: ServiceName, migrations: readonly MigrationClass[], databaseUrl: string): Promise<string[]> {
  const settings: DatabaseSettings = { service, schema: schemaOf(service), url: new Secret(databaseUrl), poolSize: 2, statementMs: 0 };
  const client = await reach(databaseUrl);
  try {
    await lock(client, settings.schema);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${settings.schema}`);
    return await migrate(settings, migrations);
  } finally {
    await client.end();
  }
}

async function reach(url: string): Promise<pg.Client> {
  const end = Date.now() + REACH_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, application_name: 'stellwerk-migrate' });
    try {
      await client.connect();
      // The lock goes with the connection; the migrations' own connection will say what is wrong.
      client.on('error', (error) => process.stderr.write(`migrate: ${error.message}\n`));
      return client;
    } catch (error) {
      if (!isAway(error) || Date.now() > end) throw new Error(`PostgreSQL at ${shownUrl(url)} cannot be used: ${messageOf(error)}`, { cause: error });
      await sleep(AGAIN_MS);
    }
  }
}

/** Held by the session, so that a job that dies gives it back. */
async function lock(client: pg.Client, schema: string): Promise<void> {
  const end = Date.now() + LOCK_MS;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock(hashtext($1)) AS locked', [`migrate:${schema}`]);
    if (rows[0]?.locked) return;
    if (Date.now() > end) throw new Error(`another job has been migrating ${schema} for ${LOCK_MS / 1_000} s`);
    await sleep(AGAIN_MS);
  }
}

async function migrate(settings: DatabaseSettings, migrations: readonly MigrationClass[]): Promise<string[]> {
  // A service imports this file, and never gets here: it shall not load what it does not need.
  const { dataSource } = await import('./data-source.js');
  const source = dataSource(settings, migrations, { lockTimeoutMs: LOCK_TIMEOUT_MS, statementMs: 0 });
  await source.initialize();
  try {
    return (await source.runMigrations({ transaction: 'each' })).map(({ name }) => name);
  } finally {
    await source.destroy();
  }
}

/** The whole of `migrate.main.ts`: DATABASE_URL from the environment, one line a migration, exit code 0, 1, or 2 for a bad configuration. */
export async function migrateMain(service: ServiceName, migrations: readonly MigrationClass[]): Promise<void> {
  try {
    const { url, schema } = databaseSettings(service);
    const names = await runMigrations(service, migrations, url.reveal());
    for (const name of names) process.stdout.write(`schema ${schema}: ${name} done\n`);
    if (names.length === 0) process.stdout.write(`schema ${schema}: up to date\n`);
  } catch (error) {
    process.stderr.write(`${service}: ${messageOf(error)}\n`);
    process.exitCode = error instanceof ConfigFault ? 2 : 1;
  }
}
