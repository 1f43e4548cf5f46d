import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.js';

describe('durations', () => {
  it.each([
    ['500ms', 500], ['90s', 90_000], ['10m', 600_000], ['2h', 7_200_000], ['1h30m', 5_400_000], ['1h1m1s1ms', 3_661_001], ['0s', 0], ['26h', 93_600_000],
  ])('%s is %d milliseconds', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '10', 's', '10 m', '1.5h', '-1s', '30m1h', '1m1m', '10min', '1d', '10M', ' 10s', '10s\n', '1h30'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
