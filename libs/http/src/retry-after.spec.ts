import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.js';

const now = new Date('2026-11-24T09:00:00Z');
const epoch = now.getTime() / 1_000;

describe('how long an answer asks us to wait', () => {
  it.each([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['a date', { 'retry-after': 'Tue, 24 Nov 2026 09:00:20 GMT' }, 20_000],
    ['a reset as epoch seconds', { 'x-ratelimit-reset': String(epoch + 30) }, 30_000],
    ['a reset as epoch seconds, as GitLab names it', { 'ratelimit-reset': String(epoch + 30) }, 30_000],
    ['a reset as seconds from now', { 'ratelimit-reset': '12' }, 12_000],
    ['Retry-After before the reset', { 'retry-after': '5', 'x-ratelimit-reset': String(epoch + 30) }, 5_000],
    ['never less than a second', { 'retry-after': '0' }, 1_000],
    ['a date that is past', { 'retry-after': 'Tue, 24 Nov 2026 08:00:00 GMT' }, 1_000],
    ['never more than an hour', { 'retry-after': '90000' }, 3_600_000],
    ['nothing readable', { 'retry-after': 'soon' }, undefined],
    ['nothing at all', {}, undefined],
  ] as const)('%s', (_, headers, wait) => {
    expect(retryAfterMs({ headers: headers as Record<string, string> }, now)).toBe(wait);
  });
});
