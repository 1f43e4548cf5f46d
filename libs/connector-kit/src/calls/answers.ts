import { MalformedResponse, retryAfterMs, type HttpResponse } from '@stellwerk/http';

const SHOWN_CHARACTERS = 300;

/** A rate limit; `waitMs`: how long the platform asks to wait, absent when it names no time. */
export interface Limit {
  waitMs?: number;
}

const isLimit = ({ status, headers, text }: HttpResponse): boolean =>
  status === 429 || (status === 403 && (remainingIn(headers) === '0' || headers['retry-after'] !== undefined || /secondary rate limit|rate limit exceeded/i.test(text)));

const remainingIn = (headers: HttpResponse['headers']): string | undefined => headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining'];

/** The platform's own time where it tells it: moments that it names are meant by its clock. */
const timeIn = ({ date }: HttpResponse['headers'], now: Date): Date => {
  const told = Date.parse(date ?? '');
  return Number.isNaN(told) ? now : new Date(told);
};

/**
 * 429, or GitHub's 403 that means the same: `Retry-After`, else the reset of the quota that is spent. While some of the quota is left,
 * the limit is another one (GitHub calls it secondary), and that reset says nothing about it.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export const limitIn = (response: HttpResponse, now: Date): Limit | undefined => {
  if (!isLimit(response)) return undefined;
  const { headers } = response;
  const { 'x-ratelimit-reset': _reset, 'ratelimit-reset': _gitlabs, ...withoutReset } = headers;
  const another = !['0', undefined].includes(remainingIn(headers));
  return { waitMs: retryAfterMs({ headers: another ? withoutReset : headers }, timeIn(headers, now)) };
};

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join('; ');
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).map(([key, inner]) => `${key}: ${textOf(inner) ?? String(inner)}`).join('; ');
};

/** The platform's own words for a refusal, short; HTML bodies say nothing. */
export const wordsOf = (response: HttpResponse): string | undefined => {
  if (/^\s*</.test(response.text)) return undefined;
  try {
    const body = response.json<Record<string, unknown> | null>();
    const words = textOf(body?.message ?? body?.error ?? body?.errors ?? body?.detail);
    return words?.slice(0, SHOWN_CHARACTERS) || undefined;
  } catch {
    // Not JSON: plain text is words as well.
    return response.text.trim().slice(0, SHOWN_CHARACTERS) || undefined;
  }
};

/** `422: Unexpected inputs provided`, for a person. */
export const describe = (response: HttpResponse): string => {
  const words = wordsOf(response);
  const moved = response.status >= 300 && response.status < 400 ? ` (redirect to ${response.headers.location?.split('?')[0] ?? 'nowhere'}, which is not followed)` : '';
  return `HTTP ${response.status}${words ? `: ${words}` : ''}${moved}`;
};

/** What was made, as the answer shows it; nothing of it when the answer cannot be read: it was made all the same. */
export const madeIn = <T extends object>(response: HttpResponse): Partial<T> => {
  try {
    return response.json<T | null>() ?? {};
  } catch (error) {
    if (error instanceof MalformedResponse) return {};
    throw error;
  }
};

/** A server that is overloaded may say for how long: 503 with `Retry-After`. */
export const waitUntil = (response: HttpResponse, now: Date): Date | undefined => {
  const waitMs = response.headers['retry-after'] === undefined ? undefined : retryAfterMs(response, now);
  return waitMs === undefined ? undefined : new Date(now.getTime() + waitMs);
};
