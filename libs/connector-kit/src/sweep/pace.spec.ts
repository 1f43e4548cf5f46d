import { describe, expect, it } from 'vitest';
import { burstGapMs, pollGapMs } from '../calls/quota.js';
import { Pace } from './pace.js';

describe('a pace', () => {
  it('gives moments one after the other, and none beyond the end of the turn', () => {
    let now = 1_000;
    const pace = new Pace(() => 300, () => now);
    expect([pace.take(5_000), pace.take(5_000), pace.take(5_000)]).toEqual([0, 300, 600]);
    expect(pace.take(1_800)).toBeUndefined();
    now = 10_000;
    expect([pace.take(20_000), pace.next]).toEqual([0, 10_300]);
  });

  it('takes at any moment no more than a fifth of what is left, so that others never find the quota used up', () => {
    let now = 0;
    let remaining = 5_000;
    const pace = new Pace(() => pollGapMs({ remaining, resetAt: 3_600_000 }, now), () => now);
    const left = (until: number): number => {
      for (let wait = pace.take(until); wait !== undefined; wait = pace.take(until)) {
        now += wait;
        remaining -= 1;
      }
      now = until;
      return remaining;
    };
    // (1 - t)^0.2 of the quota is left: what is not used up by then is lost with the reset anyhow.
    expect(left(1_800_000)).toBeGreaterThan(4_300);
    expect(left(3_240_000)).toBeGreaterThan(3_100);
    expect(left(3_564_000)).toBeGreaterThan(1_900);
  });

  it('lets a fifth of what is left go at once when a window begins, and spaces the rest', () => {
    let now = 0;
    let remaining = 5_000;
    let resetAt = 3_600_000;
    const pace = new Pace(burstGapMs(() => ({ remaining, resetAt }), () => now), () => now);
    const atOnce = (): number => {
      let calls = 0;
      while (pace.take(now) !== undefined) {
        calls += 1;
        remaining -= 1;
      }
      return calls;
    };
    expect(atOnce()).toBe(1_001);
    expect(pace.next).toBeGreaterThan(4_000);
    [now, remaining, resetAt] = [3_600_000, 1_000, 7_200_000];
    expect(atOnce()).toBe(201);
  });

  it('waits for the reset when nothing is left', () => {
    const pace = new Pace(() => pollGapMs({ remaining: 2, resetAt: 60_000 }, 0), () => 0);
    expect([pace.take(20_000), pace.take(20_000), pace.next]).toEqual([0, undefined, 60_000]);
  });
});
