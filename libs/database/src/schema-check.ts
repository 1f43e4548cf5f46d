import type { Pool } from 'pg';
import type { MigrationClass } from './migration.js';

/** The name a migration is recorded under. */
export const migrationName = (migration: MigrationClass): string => new migration().name ?? migration.name;

/** Migrations this code needs that the schema has not seen. */
export async function missingMigrations(pool: Pool, schema: string, migrations: readonly MigrationClass[]): Promise<string[]> {
  const needed = migrations.map(migrationName);
  const { rows: [table] } = await pool.query<{ found: string | null }>('SELECT to_regclass($1) AS found', [`${schema}.migrations`]);
  if (!table?.found) return needed;
  const { rows } = await pool.query<{ name: string }>(`SELECT name FROM "${schema}".migrations`);
  const run = new Set(rows.map(({ name }) => name));
  return needed.filter((name) => !run.has(name));
}
