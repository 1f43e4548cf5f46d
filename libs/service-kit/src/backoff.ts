import { setTimeout as delay } from 'node:timers/promises';

/** Waits; an aborted signal ends the wait early, without an error. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal?.aborted) throw error;
  });
}

export interface Backoff {
  /** From 1. */
  attempt: number;
  baseMs: number;
  factor: number;
  maxMs: number;
}

/** The upper bound of the wait before the next try, in ms. */
export const backoffCeiling = ({ attempt, baseMs, factor, maxMs }: Backoff): number =>
  Math.min(maxMs, baseMs * factor ** Math.max(0, attempt - 1));

/** Full jitter: anything from 0 to the ceiling, so that many waiters do not come back at once. In ms. */
export const backoff = (of: Backoff, random: () => number = Math.random): number => Math.round(random() * backoffCeiling(of));
