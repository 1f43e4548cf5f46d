import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Loop } from './loop.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const counting = (waitMs: number) => {
  const counter = { rounds: 0, fails: false };
  const loop = new Loop('test.failed', async () => {
    counter.rounds += 1;
    if (counter.fails) throw new Error('away');
    return waitMs;
  });
  return { counter, loop };
};

describe('a loop', () => {
  it('goes round until it is stopped, as often as its rounds say', async () => {
    const { counter, loop } = counting(1_000);
    loop.start();
    await vi.advanceTimersByTimeAsync(3_500);
    expect(counter.rounds).toBe(4);
    await loop.stop();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(counter.rounds).toBe(4);
    expect(loop.stopped).toBe(true);
  });

  it('comes round at once, or by a time, when it is told to', async () => {
    const { counter, loop } = counting(60_000);
    loop.start();
    await vi.advanceTimersByTimeAsync(10);
    loop.soon();
    await vi.advanceTimersByTimeAsync(10);
    expect(counter.rounds).toBe(2);
    loop.by(Date.now() + 5_000);
    loop.by(Date.now() + 9_000);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(counter.rounds).toBe(2);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(counter.rounds).toBe(3);
    await loop.stop();
  });

  it('goes on after a round that failed', async () => {
    const { counter, loop } = counting(1_000);
    counter.fails = true;
    loop.start();
    await vi.advanceTimersByTimeAsync(2_500);
    expect(counter.rounds).toBe(3);
    await loop.stop();
  });
});
