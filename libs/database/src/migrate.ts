import type { ServiceName } from '@stellwerk/contracts';
import type { MigrationClass } from './migration.js';

export async function runMigrations(_service: ServiceName, _migrations: readonly MigrationClass[], _databaseUrl: string): Promise<string[]> {
  throw new Error('not yet');
}

export async function migrateMain(_service: ServiceName, _migrations: readonly MigrationClass[]): Promise<void> {
  throw new Error('not yet');
}
