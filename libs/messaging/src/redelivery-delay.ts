import { backoff } from '@stellwerk/service-kit';

/** The first redeliveries come within 0.2–2 s, so that an outage of seconds costs seconds. */
const FLOOR_MS = 200;
const BASE_MS = 1_000;
const MAX_MS = 5 * 60_000;

/**
 * How long a message waits before its next delivery, in ms: full jitter that grows with the deliveries so far, at
 * most 5 min, never sooner than what the platform asked for.
 */
export function redeliveryDelay(deliveries: number, retryAfterMs = 0, random: () => number = Math.random): number {
  const jittered = Math.max(FLOOR_MS, backoff({ attempt: deliveries, baseMs: BASE_MS, factor: 2, maxMs: MAX_MS }, random));
  return retryAfterMs > 0 ? retryAfterMs + Math.min(jittered, BASE_MS * 2) : jittered;
}
