import { describe, expect, it } from 'vitest';
import { lagGrows } from './find-sustained.ts';
import { percentile } from './percentile.ts';

const times = (at: (n: number) => number): number[] => Array.from({ length: 400 }, (_, n) => at(n));

describe('whether a rate is held', () => {
  it('is said of flows that take as long at the end as at the beginning', () => {
    expect(lagGrows({ triggerMs: times(() => 20), drainSeconds: 1 })).toBe(false);
  });

  it('is not shaken by a start that is slow', () => {
    expect(lagGrows({ triggerMs: times((n) => (n < 50 ? 900 : 20)), drainSeconds: 1 })).toBe(false);
  });

  it('is denied when each flow waits longer than the one before', () => {
    expect(lagGrows({ triggerMs: times((n) => n * 5), drainSeconds: 1 })).toBe(true);
  });

  it('is denied when triggers keep up but work is left over behind them', () => {
    expect(lagGrows({ triggerMs: times(() => 20), drainSeconds: 8 })).toBe(true);
  });
});

describe('a percentile', () => {
  it.each([[0.5, 50], [0.99, 99], [1, 100], [0.001, 1]])('%f of 1…100 is %d', (share, value) => {
    expect(percentile(Array.from({ length: 100 }, (_, n) => 100 - n), share)).toBe(value);
  });

  it('of nothing is no number', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});
