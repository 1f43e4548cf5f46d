import { Logger } from '@nestjs/common';
import { messageOf } from '@stellwerk/service-kit';
import pg from 'pg';
import type { DatabaseSettings } from './database.config.js';

/** How long a connection may take to be made. */
export const CONNECT_MS = 5_000;

/** The server's own timeout tells more than ours, so it goes first. */
const SERVER_FIRST_MS = 1_000;

/** A transaction nobody goes on with must not keep its locks. */
const IDLE_IN_TRANSACTION_MS = 60_000;

export interface SessionLimits {
  /** `lock_timeout` of every connection, in ms; migrations must not queue up behind a long reader and block everyone. */
  lockTimeoutMs?: number;
  /** 0 = no limit. */
  statementMs: number;
  /** See `DatabaseOptions`. */
  lookups?: boolean;
}

/** Not forbidden: the last choice. https://www.postgresql.org/docs/current/runtime-config-query.html */
const LOOKUPS = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'].map((way) => `-c ${way}=off`);

/** What every connection of a service has, whoever makes it. */
export const sessionOptions = (schema: string, { lockTimeoutMs = 0, statementMs, lookups = false }: SessionLimits) => ({
  options: [
    `-c search_path=${schema}`,
    `-c statement_timeout=${statementMs}`,
    `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`,
    '-c default_transaction_isolation=read\\ committed',
    `-c lock_timeout=${lockTimeoutMs}`,
    ...(lookups ? LOOKUPS : []),
  ].join(' '),
  keepAlive: true,
  // Statements are sent without waiting for the answers of those before them.
  pipeline: true,
  // A half-open socket answers nothing, not even the statement timeout.
  query_timeout: statementMs === 0 ? 0 : statementMs + SERVER_FIRST_MS,
});

/** A service's connections; none is made yet. Without TypeORM, which migrations alone need: it would be a tenth of a service's memory. */
export function connectionPool({ service, schema, url, poolSize, statementMs, lookups }: DatabaseSettings): pg.Pool {
  const log = new Logger('database');
  const pool = new pg.Pool({
    connectionString: url.reveal(),
    application_name: `stellwerk-${service}`,
    connectionTimeoutMillis: CONNECT_MS,
    max: poolSize,
    ...sessionOptions(schema, { statementMs, lookups }),
  } as pg.PoolConfig);
  // An idle connection that breaks is replaced at the next query; unheard, its event would end the process.
  pool.on('error', (error) => log.warn({ reason: messageOf(error) }, 'database.connection-lost'));
  return pool;
}
