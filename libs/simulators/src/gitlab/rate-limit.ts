import type { Answer } from '../kit/types.js';

const WINDOW_SECONDS = 60;

interface Counted {
  exceeded: boolean;
  headers: Record<string, string>;
}

/**
 * So many calls a minute, as gitlab.com has them; GitLab of one's own has none until it is set.
 * https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers
 */
export const rateLimit = (perMinute: number | undefined): ((now: Date) => Counted) => {
  let [observed, reset] = [0, 0];
  return (now) => {
    if (perMinute === undefined) return { exceeded: false, headers: {} };
    const second = Math.floor(now.getTime() / 1000);
    if (second >= reset) [observed, reset] = [0, second + WINDOW_SECONDS];
    observed += 1;
    const headers = {
      'ratelimit-limit': String(perMinute),
      'ratelimit-name': 'throttle_authenticated_api',
      'ratelimit-observed': String(observed),
      'ratelimit-remaining': String(Math.max(0, perMinute - observed)),
      'ratelimit-reset': String(reset),
      'ratelimit-resettime': new Date(reset * 1000).toUTCString(),
    };
    return observed > perMinute ? { exceeded: true, headers: { ...headers, 'retry-after': String(reset - second) } } : { exceeded: false, headers };
  };
};

/** What GitLab says instead of an answer. */
export const retryLater = (): Answer => ({ status: 429, headers: { 'content-type': 'text/plain' }, body: 'Retry later\n' });
