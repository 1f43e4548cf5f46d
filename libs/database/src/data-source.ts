import { DataSource } from 'typeorm';
import { Logger } from '@nestjs/common';
import { messageOf } from '@stellwerk/service-kit';
import type { DatabaseSettings } from './database.config.js';
import type { MigrationClass } from './migration.js';

const CONNECT_MS = 5_000;

/** The server's own timeout tells more than ours, so it goes first. */
const SERVER_FIRST_MS = 1_000;

/** A transaction nobody goes on with must not keep its locks. */
const IDLE_IN_TRANSACTION_MS = 60_000;

export interface DataSourceOptions {
  migrations?: readonly MigrationClass[];
  /** `lock_timeout` of every connection, in ms; migrations must not queue up behind a long reader and block everyone. */
  lockTimeoutMs?: number;
  /** 0 = no limit. */
  statementMs?: number;
  poolSize?: number;
}

/** TypeORM on this service's schema; not connected yet. */
export function dataSource(settings: DatabaseSettings, options: DataSourceOptions = {}): DataSource {
  const log = new Logger('database');
  const statementMs = options.statementMs ?? settings.statementMs;
  return new DataSource({
    type: 'postgres',
    url: settings.url.reveal(),
    schema: settings.schema,
    applicationName: `stellwerk-${settings.service}`,
    connectTimeoutMS: CONNECT_MS,
    poolSize: options.poolSize ?? settings.poolSize,
    migrations: [...(options.migrations ?? [])],
    migrationsTableName: 'migrations',
    logging: false,
    // An idle connection that breaks is replaced at the next query; unheard, its event would end the process.
    poolErrorHandler: (error: unknown) => log.warn({ reason: messageOf(error) }, 'database.connection-lost'),
    extra: {
      options: [
        `-c search_path=${settings.schema}`,
        `-c statement_timeout=${statementMs}`,
        `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`,
        '-c default_transaction_isolation=read\\ committed',
        `-c lock_timeout=${options.lockTimeoutMs ?? 0}`,
      ].join(' '),
      keepAlive: true,
      // A half-open socket answers nothing, not even the statement timeout.
      query_timeout: statementMs === 0 ? 0 : statementMs + SERVER_FIRST_MS,
    },
  });
}
