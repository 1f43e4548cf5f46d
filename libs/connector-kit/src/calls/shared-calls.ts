import type { HttpClient } from '@stellwerk/http';
import type { Connection } from '../connection.js';
import { Breaker } from './breaker.js';
import { Gates } from './gates.js';
import type { Quota } from './quota.js';
import { Semaphore } from './semaphore.js';
import { innocent } from './thrown-by.js';

export type Credentials = Record<string, string>;

/** What is counted of calls. */
export interface CallMetrics {
  took(connection: string, calls: 'triggers' | 'reads', seconds: number): void;
  limited(connection: string, seconds: number): void;
}

export interface ConnectionCallsOptions {
  connection: Connection;
  http: HttpClient;
  /** Credentials as headers, resolved anew for each call, so that a changed secret is taken up. */
  credentials(): Credentials | Promise<Credentials>;
  /** A cheap read that any valid credentials may do; tells a refused object from refused credentials. */
  probePath?: string;
  metrics?: CallMetrics;
  onChange(): void;
  /** The platform does not take the credentials. */
  onRefused?(): void;
  /** True while the credentials are so new that a 401 may mean that they are not known everywhere yet. */
  areNew?(): boolean;
}

/** What all calls to one connection share. */
export interface Shared {
  gates: Gates;
  triggers: Breaker;
  reads: Breaker;
  /** Calls in flight. */
  semaphore: Semaphore;
  /** Dispatches on their way out: those in flight, and those whose intent is being written meanwhile. */
  sends: Semaphore;
  root: string;
  quota?: Quota;
}

export const sharedOf = ({ connection, onChange }: ConnectionCallsOptions): Shared => {
  const { name, limits, url } = connection;
  const breaker = (kind: string) => new Breaker({ name: `${name}/${kind}`, timeoutMs: limits.timeoutMs, innocent, onChange });
  const { concurrency } = limits;
  return {
    gates: new Gates(), triggers: breaker('triggers'), reads: breaker('reads'), root: url.replace(/\/+$/, ''),
    semaphore: new Semaphore(concurrency), sends: new Semaphore(2 * concurrency),
  };
};
