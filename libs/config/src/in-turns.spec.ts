import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inTurns } from './in-turns.js';

describe('long work', () => {
  let turns = 0;
  let isCounting = true;
  const count = (): void => {
    turns += 1;
    if (isCounting) setImmediate(count);
  };

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
    [turns, isCounting] = [0, true];
    setImmediate(count);
  });

  afterEach(() => {
    isCounting = false;
    vi.useRealTimers();
  });

  /** Notes in which turn of the event loop each step is done. */
  function* steps(howMany: number, ms: number, seen: number[]): Generator<void, string, void> {
    for (let step = 0; step < howMany; step += 1) {
      vi.advanceTimersByTime(ms);
      seen.push(turns);
      yield;
    }
    return 'done';
  }

  it('lets everything else have its turn, every few milliseconds', async () => {
    const seen: number[] = [];
    expect(await inTurns(steps(30, 4, seen), new AbortController().signal)).toBe('done');
    expect(Math.max(...[...Map.groupBy(seen, (turn) => turn).values()].map((some) => some.length))).toBe(3);
  });

  it('that is short is done at once', async () => {
    const seen: number[] = [];
    await inTurns(steps(30, 0, seen), new AbortController().signal);
    expect(new Set(seen).size).toBe(1);
  });

  it('goes no further when it is stopped', async () => {
    const [seen, stopping]: [number[], AbortController] = [[], new AbortController()];
    const work = inTurns(steps(30, 10, seen), stopping.signal);
    stopping.abort(new Error('enough'));
    await expect(work).rejects.toThrow('enough');
    expect(seen).toHaveLength(1);
  });
});
