import { retryAfterMs, type HttpResponse } from '@stellwerk/http';

/** GitHub asks for at least a minute where it names no time. */
const LIMIT_WITHOUT_TIME_MS = 60_000;
const SHOWN_CHARACTERS = 300;

/** 429, or GitHub's 403 that means the same; how long to wait, in ms. */
export const limitedForMs = (response: HttpResponse, now: Date): number | undefined => {
  const { status, headers } = response;
  const exhausted = headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined || /secondary rate limit|rate limit exceeded/i.test(response.text);
  if (status !== 429 && !(status === 403 && exhausted)) return undefined;
  return retryAfterMs(response, now) ?? LIMIT_WITHOUT_TIME_MS;
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
