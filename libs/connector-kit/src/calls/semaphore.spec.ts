import { describe, expect, it } from 'vitest';
import { Semaphore } from './semaphore.js';

describe('the slots of a connection', () => {
  it('are given in order, and given back', async () => {
    const slots = new Semaphore(1);
    const first = await slots.reserve({ waitMs: 0, most: 0 });
    const order: string[] = [];
    const second = slots.run(async () => void order.push('second'));
    const third = slots.reserve({ waitMs: 10_000, most: 5 }).then((release) => {
      order.push('third');
      release!();
    });
    first!();
    await Promise.all([second, third]);
    expect(order).toEqual(['second', 'third']);
    expect(slots.free).toBe(1);
  });

  it('are not waited for longer than told, nor by more than told, and none is lost by that', async () => {
    const slots = new Semaphore(1);
    const release = (await slots.reserve({ waitMs: 0, most: 0 }))!;
    const [late, refused] = await Promise.all([slots.reserve({ waitMs: 5, most: 1 }), slots.reserve({ waitMs: 10_000, most: 1 })]);
    expect([late, refused]).toEqual([undefined, undefined]);
    release();
    expect(slots.free).toBe(1);
    expect(await slots.reserve({ waitMs: 0, most: 0 })).toBeTypeOf('function');
  });
});
