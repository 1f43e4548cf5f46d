import type { ServiceName } from '@stellwerk/contracts';
import { readInteger, readSecret, type Env, type Secret } from '@stellwerk/service-kit';

export interface DatabaseSettings {
  service: ServiceName;
  /** `github-connector` owns `github_connector`. */
  schema: string;
  /** Holds the password. */
  url: Secret;
  poolSize: number;
  /** After this a statement is given up, by the server or, when that no longer answers, by us. */
  statementMs: number;
  /** See `DatabaseOptions`. */
  lookups?: boolean;
}

export interface DatabaseOptions {
  /**
   * Every statement finds its rows by an index. A prepared statement keeps its plan until the tables are analysed: one that
   * was planned on an empty table would go on to read it whole while it grows.
   */
  lookups?: boolean;
}

export const schemaOf = (service: ServiceName): string => service.replaceAll('-', '_');

/** Throws ConfigFault. */
export const databaseSettings = (service: ServiceName, env: Env = process.env): DatabaseSettings => ({
  service,
  schema: schemaOf(service),
  url: readSecret(env, 'DATABASE_URL'),
  poolSize: readInteger(env, 'DATABASE_POOL_SIZE', 10, { min: 1, max: 200 }),
  statementMs: readInteger(env, 'DATABASE_STATEMENT_TIMEOUT_SECONDS', 30, { min: 1, max: 600 }) * 1_000,
});

/** The URL without its password, for messages to people. */
export function shownUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed ? `${parsed.protocol}//${parsed.host}${parsed.pathname}` : 'DATABASE_URL';
}
