import type { DataSource } from 'typeorm';
import type { MigrationClass } from './migration.js';

/** The name a migration is recorded under. */
export const migrationName = (migration: MigrationClass): string => new migration().name ?? migration.name;

/** Migrations this code needs that the schema has not seen. */
export async function missingMigrations(source: DataSource, schema: string, migrations: readonly MigrationClass[]): Promise<string[]> {
  const needed = migrations.map(migrationName);
  const [table] = await source.query<{ found: string | null }[]>('SELECT to_regclass($1) AS found', [`${schema}.migrations`]);
  if (!table?.found) return needed;
  const rows = await source.query<{ name: string }[]>(`SELECT name FROM "${schema}".migrations`);
  const run = new Set(rows.map(({ name }) => name));
  return needed.filter((name) => !run.has(name));
}
