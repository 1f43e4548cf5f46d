import type { Platform } from '@stellwerk/contracts';
import type { ConnectionCalls } from '../calls/connection-calls.js';
import type { BreakerState } from '../calls/breaker.js';

/** Data of `connection.health`: how one connection is, as this process sees it. */
export interface ConnectionHealth {
  connection: string;
  platform: Platform;
  url: string;
  /** `paused`: credentials refused · `limited`: rate limit · `degraded`: a breaker is not closed. */
  state: 'ok' | 'degraded' | 'limited' | 'paused';
  breaker: { triggers: BreakerState; reads: BreakerState };
  /** No call before this time (rate limit). */
  notBefore?: string;
  /** Why it is paused. */
  paused?: string;
  /** What a person should know, e.g. that a pipeline refuses our correlation id. */
  notes: string[];
  limits: { concurrency: number; timeoutMs: number };
}

const stateOf = (health: Pick<ConnectionHealth, 'breaker' | 'notBefore' | 'paused'>): ConnectionHealth['state'] => {
  if (health.paused) return 'paused';
  if (health.notBefore) return 'limited';
  return health.breaker.triggers === 'closed' && health.breaker.reads === 'closed' ? 'ok' : 'degraded';
};

export const healthOf = (calls: ConnectionCalls, notes: string[]): ConnectionHealth => {
  const { connection, gates } = calls;
  const seen = {
    breaker: { triggers: calls.triggers.state, reads: calls.reads.state },
    notBefore: gates.notBefore?.toISOString(),
    paused: gates.paused,
  };
  return {
    connection: connection.name, platform: connection.platform, url: connection.url, state: stateOf(seen), ...seen,
    notes, limits: connection.limits,
  };
};
