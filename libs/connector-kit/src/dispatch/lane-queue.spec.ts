import { describe, expect, it } from 'vitest';
import { LaneQueue } from './lane-queue.js';

const SOON = { waitMs: 0, most: 9 };
const PATIENT = { waitMs: 10_000, most: 9 };

describe('a lane', () => {
  it('is for one at a time, in the order of coming; other lanes are free', async () => {
    const lanes = new LaneQueue();
    const order: string[] = [];
    const leave = (await lanes.enter('a', SOON))!;
    const waiting = ['first', 'second'].map(async (name) => {
      const go = await lanes.enter('a', PATIENT);
      order.push(name);
      go!();
    });
    expect(await lanes.enter('b', SOON)).toBeTypeOf('function');
    leave();
    await Promise.all(waiting);
    expect(order).toEqual(['first', 'second']);
    expect(await lanes.enter('a', SOON)).toBeTypeOf('function');
  });

  it('is given up after a while, without being lost to those behind', async () => {
    const lanes = new LaneQueue();
    const leave = (await lanes.enter('a', SOON))!;
    const [impatient, patient] = [lanes.enter('a', { waitMs: 5, most: 9 }), lanes.enter('a', PATIENT)];
    expect(await impatient).toBeUndefined();
    expect(await lanes.enter('a', { waitMs: 10_000, most: 1 })).toBeUndefined();
    leave();
    expect(await patient).toBeTypeOf('function');
  });
});
