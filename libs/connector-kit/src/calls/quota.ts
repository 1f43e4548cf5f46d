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

/**
 * Gaps for work that comes in bursts: a fifth of what is left when a window begins may go at once, then `pollGapMs` spaces the rest. So a
 * few hundred calls are a matter of minutes, and others never find the quota used up.
 */
export const burstGapMs = (quota: () => Quota | undefined, now: () => number = Date.now): (() => number) => {
  let window = { resetAt: 0, left: 0 };
  return () => {
    const known = quota();
    if (!known) return 0;
    // Not by a changed time alone: some servers put it off with every answer.
    if (now() >= window.resetAt) window = { resetAt: known.resetAt, left: Math.floor(known.remaining * POLL_SHARE) };
    if (window.left <= 0) return pollGapMs(known, now());
    window.left -= 1;
    return 0;
  };
};

export type { Quota };
