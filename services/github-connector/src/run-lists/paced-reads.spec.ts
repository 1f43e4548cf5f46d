import { Pace, SweepTaken, type SweepTurn } from '@stellwerk/connector-kit';
import { describe, expect, it } from 'vitest';
import type { DeliveryCursor } from '../deliveries/delivery-cursor.js';
import { PacedReads, TurnOver, type ListWork } from './paced-reads.js';

/** A turn that has room for so many calls. */
const turnOf = (calls: number, kept = true): ListWork => {
  const until = Date.now() + 1_000;
  let left = calls;
  const pace = new Pace(() => ((left -= 1) > 0 ? 0 : 3_600_000));
  if (calls === 0) pace.take(until);
  return { turn: { pace, until, calls: {}, keep: async () => kept } as unknown as SweepTurn<DeliveryCursor>, cursor: {} };
};

describe('reads of a piece of work', () => {
  it('go on in the next turn with what is still to be read, however few calls a turn has', async () => {
    const reads = new PacedReads();
    const made: number[] = [];
    const wholeOf = async (work: ListWork): Promise<number[]> => {
      const found: number[] = [];
      for (let n = 0; n < 5; n += 1) found.push(await reads.once(work, `page ${n}`, async () => (made.push(n), n * 10)));
      return found;
    };
    for (let turn = 1; turn < 5; turn += 1) await expect(wholeOf(turnOf(1))).rejects.toThrow(TurnOver);
    expect(await wholeOf(turnOf(1))).toEqual([0, 10, 20, 30, 40]);
    expect(made).toEqual([0, 1, 2, 3, 4]);
    reads.forget();
    await expect(wholeOf(turnOf(1))).rejects.toThrow(TurnOver);
  });

  it('are not made when another replica has the sweep', async () => {
    let made = 0;
    await expect(new PacedReads().once(turnOf(5, false), 'page', async () => (made += 1))).rejects.toThrow(SweepTaken);
    expect(made).toBe(0);
  });

  it('that fail are made again', async () => {
    const reads = new PacedReads();
    await expect(reads.once(turnOf(5), 'page', async () => Promise.reject(new Error('cut')))).rejects.toThrow('cut');
    expect(await reads.once(turnOf(5), 'page', async () => 'there')).toBe('there');
  });
});
