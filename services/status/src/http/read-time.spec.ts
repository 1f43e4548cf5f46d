import { describe, expect, it } from 'vitest';
import { readTime } from './read-time.js';

const NOW = new Date('2026-11-24T12:00:00Z');

describe('a time in a query', () => {
  it.each([['2h', '2026-11-24T10:00:00Z'], ['30m', '2026-11-24T11:30:00Z'], ['1d', '2026-11-23T12:00:00Z'], ['2026-01-02T03:04:05+01:00', '2026-01-02T02:04:05Z']])('%s', (text, time) =>
    expect(readTime(text, NOW)).toEqual(new Date(time)));
  it.each(['', 'yesterday', '2026', '2h30m', '-1h', '2026-13-01T00:00:00Z', '2026-01-01 00:00'])('%s is none', (text) => expect(readTime(text, NOW)).toBeUndefined());
});
