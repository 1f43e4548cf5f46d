import { describe, expect, it } from 'vitest';
import { durationOf, formatAge, formatDuration, linkable, shortSha } from './format.js';

describe('durations', () => {
  it.each([[-5, '0 ms'], [850, '850 ms'], [12_999, '12 s'], [60_000, '1 min'], [184_000, '3 min 4 s'], [7_500_000, '2 h 5 min'], [273_600_000, '3 d 4 h']])(
    'of %i ms read %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
  it('run on until there is an end', () => {
    expect(durationOf('2026-01-01T00:00:00Z', null, Date.parse('2026-01-01T00:00:05Z'))).toBe('5 s');
    expect(durationOf('2026-01-01T00:00:00Z', '2026-01-01T00:00:02Z', Date.now())).toBe('2 s');
    expect(durationOf(null, null, 0)).toBeUndefined();
  });
});

describe('ages', () => {
  it.each([[3_000, 'just now'], [30_000, '30 s ago'], [600_000, '10 min ago'], [7_200_000, '2 h ago'], [172_800_000, '2 d ago']])(
    'of %i ms read %s', (ms, text) => expect(formatAge('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:00:00Z') + ms)).toBe(text));
});

describe('links from outside', () => {
  it.each(['https://github.com/a/b', 'http://127.0.0.1:3000/x'])('%s is one', (url) => expect(linkable(url)).toBe(url));
  it.each(['javascript:alert(1)', ' javascript:alert(1)', 'data:text/html,x', '/relative', '', null])('%s is none', (url) =>
    expect(linkable(url)).toBeUndefined());
});

it('only commit ids are shortened', () => {
  expect(shortSha('0123456789abcdef0123456789abcdef01234567')).toBe('01234567');
  expect(shortSha('v1.2.3-very-long-name')).toBe('v1.2.3-very-long-name');
});
