import { describe, expect, it } from 'vitest';
import { IntakeLoad } from '../receive/intake-load.js';
import { GiveWay } from './give-way.js';

/** So many hooks being taken, until it is called. */
const rush = (load: IntakeLoad, hooks: number): (() => Promise<void>) => {
  const over = Promise.withResolvers<void>();
  const taking = Array.from({ length: hooks }, () => load.during(() => over.promise));
  return async () => {
    over.resolve();
    await Promise.all(taking);
  };
};

const begin = (giveWay: GiveWay, count: number): string[] => {
  const begun: string[] = [];
  for (let n = 0; n < count; n += 1) void giveWay.run(async () => { begun.push(`${n}`); });
  return begun;
};

const inOrder = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}`);

describe('making events of hooks', () => {
  it('waits for nobody while few hooks are taken', () => {
    const load = new IntakeLoad();
    const giveWay = new GiveWay(load);
    void rush(load, 8);
    expect(begin(giveWay, 1_000)).toHaveLength(1_000);
  });

  it('goes on at its own pace in a rush, in order, and is never stopped', async () => {
    const load = new IntakeLoad();
    const giveWay = new GiveWay(load);
    const end = rush(load, 64);
    const began = performance.now();
    const begun = begin(giveWay, 100);
    expect(begun.length).toBeLessThan(100);
    await expect.poll(() => begun.length, { timeout: 10_000 }).toBe(100);
    // 32 at once, the others 2 ms each: sooner would be no limit.
    expect(performance.now() - began).toBeGreaterThan(100);
    expect(begun).toEqual(inOrder(100));
    await end();
  });

  it('takes up everything when the rush is over', async () => {
    const load = new IntakeLoad();
    const giveWay = new GiveWay(load);
    const end = rush(load, 64);
    const begun = begin(giveWay, 2_000);
    await end();
    await expect.poll(() => begun.length, { timeout: 10_000 }).toBe(2_000);
  }, 180_000);
});
