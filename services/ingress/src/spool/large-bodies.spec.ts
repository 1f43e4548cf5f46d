import { describe, expect, it } from 'vitest';
import { LargeBodies, type Leave } from './large-bodies.js';

const MEGABYTE = 1_024 ** 2;

describe('room for large bodies', () => {
  it('is for eight of 26 MB; who comes later gets it when it is free, in order, or not in time', async () => {
    const bodies = new LargeBodies();
    const places = await Promise.all(Array.from({ length: 8 }, () => bodies.place(26 * MEGABYTE, 0)));
    expect(places.every((leave) => leave !== undefined)).toBe(true);
    expect(await bodies.place(MEGABYTE, 5)).toBeUndefined();
    const order: string[] = [];
    const later = ['first', 'second'].map(async (name): Promise<Leave | undefined> => {
      const leave = await bodies.place(20 * MEGABYTE, 10_000);
      order.push(name);
      return leave;
    });
    places[0]!();
    places[0]!();
    await later[0];
    expect(order).toEqual(['first']);
    places[1]!();
    await later[1];
    expect(order).toEqual(['first', 'second']);
    expect(await bodies.place(20 * MEGABYTE, 5)).toBeUndefined();
    expect(await bodies.place(5 * MEGABYTE, 5)).toBeDefined();
  });

  it('is there for one of any size, and who gives up makes way for those behind', async () => {
    const bodies = new LargeBodies();
    const huge = await bodies.place(1_024 * MEGABYTE, 0);
    expect(huge).toBeDefined();
    const tooLarge = bodies.place(300 * MEGABYTE, 30);
    const small = bodies.place(MEGABYTE, 10_000);
    huge!();
    (await tooLarge)?.();
    expect(await small).toBeDefined();
  });
});
