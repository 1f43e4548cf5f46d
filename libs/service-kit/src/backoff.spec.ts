import { describe, expect, it } from 'vitest';
import { backoff, backoffCeiling, sleep } from './backoff.js';

describe('backing off', () => {
  const of = (attempt: number) => ({ attempt, baseMs: 100, factor: 2, maxMs: 1_000 });

  it('doubles its ceiling up to the most', () => {
    expect([1, 2, 3, 4, 5, 60].map((attempt) => backoffCeiling(of(attempt)))).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  it('spreads waiters over the whole range', () => {
    expect([backoff(of(3), () => 0), backoff(of(3), () => 0.5), backoff(of(3), () => 1)]).toEqual([0, 200, 400]);
  });

  it('ends a wait early, without an error, when told', async () => {
    const stop = new AbortController();
    const waiting = sleep(60_000, stop.signal);
    stop.abort();
    await expect(waiting).resolves.toBeUndefined();
    await expect(sleep(60_000, stop.signal)).resolves.toBeUndefined();
  });
});
