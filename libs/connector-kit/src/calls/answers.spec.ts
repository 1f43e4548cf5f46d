import type { HttpResponse } from '@stellwerk/http';
import { describe, expect, it } from 'vitest';
import { limitIn } from './answers.js';

const now = new Date('2026-11-24T09:00:00Z');
const reset = String(now.getTime() / 1_000 + 1_800);
const answer = (status: number, headers: Record<string, string> = {}, text = '{}'): HttpResponse => ({ status, headers, text, json: <T>() => JSON.parse(text) as T });
const spent = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
const left = { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': reset };
const SECONDARY = '{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}';

describe('a rate limit', () => {
  it.each([
    ['429 with seconds', answer(429, { 'retry-after': '7' }), 7_000],
    ['403 with seconds', answer(403, { 'retry-after': '7' }), 7_000],
    ['429 with a date', answer(429, { 'retry-after': 'Tue, 24 Nov 2026 09:00:05 GMT' }), 5_000],
    ['403 with a spent quota', answer(403, spent), 1_800_000],
    ['429 with a spent quota', answer(429, spent), 1_800_000],
    ['429 of a platform that tells the reset alone', answer(429, { 'ratelimit-reset': reset }), 1_800_000],
    ['seconds, which go before the reset', answer(403, { ...spent, 'retry-after': '7' }), 7_000],
    ['seconds of a secondary limit', answer(403, { ...left, 'retry-after': '7' }, SECONDARY), 7_000],
    ['a secondary limit, whose end the reset of the quota does not tell', answer(403, left, SECONDARY), undefined],
    ['the same with 429', answer(429, left, SECONDARY), undefined],
    ['429 that names nothing', answer(429), undefined],
  ])('%s', (_, response, waitMs) => {
    expect(limitIn(response, now)).toEqual({ waitMs });
  });

  it('ends by the clock of the platform, whatever ours says', () => {
    const response = answer(403, { ...spent, date: 'Tue, 24 Nov 2026 09:10:00 GMT' });
    expect(limitIn(response, now)).toEqual({ waitMs: 1_200_000 });
    expect(limitIn({ ...response, headers: { ...response.headers, date: 'nonsense' } }, now)).toEqual({ waitMs: 1_800_000 });
  });

  it.each([
    ['what is forbidden', answer(403, left, '{"message":"Resource not accessible by integration"}')],
    ['refused credentials', answer(401, left)],
    ['the last call of a quota that was let through', answer(200, spent)],
  ])('is not %s', (_, response) => {
    expect(limitIn(response, now)).toBeUndefined();
  });
});
