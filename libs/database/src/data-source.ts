import { DataSource } from 'typeorm';
import { Logger } from '@nestjs/common';
import { messageOf } from '@stellwerk/service-kit';
import type { DatabaseSettings } from './database.config.js';
import type { MigrationClass } from './migration.js';
import { CONNECT_MS, sessionOptions, type SessionLimits } from './pool.js';

/** TypeORM on a service's schema, for its migrations; not connected yet. Loaded by the migration job alone. */
export function dataSource(settings: DatabaseSettings, migrations: readonly MigrationClass[], limits: SessionLimits): DataSource {
  const log = new Logger('database');
  return new DataSource({
    type: 'postgres',
    url: settings.url.reveal(),
    schema: settings.schema,
    applicationName: `stellwerk-${settings.service}`,
    connectTimeoutMS: CONNECT_MS,
    poolSize: settings.poolSize,
    migrations: [...migrations],
    migrationsTableName: 'migrations',
    logging: false,
    poolErrorHandler: (error: unknown) => log.warn({ reason: messageOf(error) }, 'database.connection-lost'),
    extra: sessionOptions(settings.schema, limits),
  });
}
