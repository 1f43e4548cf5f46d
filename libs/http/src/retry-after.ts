import type { HttpResponse } from './http.types.js';

const MIN_MS = 1_000;
const MAX_MS = 3_600_000;

const clamp = (ms: number): number => Math.min(MAX_MS, Math.max(MIN_MS, Math.ceil(ms)));

const fromRetryAfter = (value: string, now: Date): number | undefined => {
  if (/^\d+(\.\d+)?$/.test(value.trim())) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : date - now.getTime();
};

/** Epoch seconds on GitHub and GitLab; the IETF draft counts seconds from now instead, told apart by size. */
const fromReset = (value: string, now: Date): number | undefined => {
  if (!/^\d+(\.\d+)?$/.test(value.trim())) return undefined;
  const seconds = Number(value);
  return seconds > 1_000_000_000 ? seconds * 1_000 - now.getTime() : seconds * 1_000;
};

/**
 * How long the answer asks us to wait, in milliseconds between 1 s and 1 h: `Retry-After` (seconds or date), else
 * `x-ratelimit-reset` / `ratelimit-reset`; undefined when it names no time.
 */
export const retryAfterMs = (response: Pick<HttpResponse, 'headers'>, now: Date): number | undefined => {
  const { headers } = response;
  const after = headers['retry-after'] === undefined ? undefined : fromRetryAfter(headers['retry-after'], now);
  const reset = headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'];
  const wait = after ?? (reset === undefined ? undefined : fromReset(reset, now));
  return wait === undefined ? undefined : clamp(wait);
};
