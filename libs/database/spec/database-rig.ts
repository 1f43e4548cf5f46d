import 'reflect-metadata';
import { Metrics, Secret } from '@stellwerk/service-kit';
import { Database } from '../src/database.js';
import type { DatabaseOptions } from '../src/database.config.js';
import { databaseMetrics } from '../src/database.metrics.js';
import { confirmedConfigs } from '../src/kept-config.repository.js';
import { inboxTable, keptConfigTable, outboxTable, runMigrations, type MigrationClass, type MigrationInterface, type QueryRunner } from '../src/index.js';

export class CreateTables1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...inboxTable(), ...outboxTable(), ...keptConfigTable(), ...confirmedConfigs(), 'CREATE TABLE things (id text PRIMARY KEY, n int NOT NULL DEFAULT 0)']) {
      await runner.query(statement);
    }
  }

  async down(): Promise<void> {}
}

export const MIGRATIONS: readonly MigrationClass[] = [CreateTables1764000000001];

/** A database of the router's, not started. */
export const routerDatabase = (url: string, migrations: readonly MigrationClass[] = MIGRATIONS, statementMs = 30_000, more: DatabaseOptions = {}): Database =>
  new Database({ service: 'router', schema: 'router', url: new Secret(url), poolSize: 8, statementMs, ...more }, migrations, databaseMetrics('router', new Metrics()));

/** Migrated and connected. */
export async function startDatabase(url: string): Promise<Database> {
  await runMigrations('router', MIGRATIONS, url);
  const database = routerDatabase(url);
  database.start();
  await database.query('SELECT 1');
  return database;
}
