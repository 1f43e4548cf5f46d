/** Polling may use this share of what is left of the platform's quota. */
const POLL_SHARE = 0.2;

interface Quota {
  remaining: number;
  resetAt: number;
}

const number = (text: string | undefined): number | undefined => (text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : undefined);

/** The quota an answer speaks of (GitHub and GitLab: epoch seconds of the reset). */
export const quotaOf = (headers: Record<string, string>): Quota | undefined => {
  const remaining = number(headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining']);
  const reset = number(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset']);
  return remaining === undefined || reset === undefined ? undefined : { remaining, resetAt: reset * 1_000 };
};

/** The least time between two polls that keeps them within their share until the quota is reset, in ms; 0 = no bound. */
export const pollGapMs = (quota: Quota | undefined, now: number): number => {
  if (!quota || quota.resetAt <= now) return 0;
  const polls = Math.floor(quota.remaining * POLL_SHARE);
  return polls === 0 ? quota.resetAt - now : (quota.resetAt - now) / polls;
};

export type { Quota };
