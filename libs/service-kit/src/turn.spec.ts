import { describe, expect, it } from 'vitest';
import { Turn } from './turn.js';

describe('the end of a turn', () => {
  it('is the same for all who wait in it, and comes after what is already due', async () => {
    const turn = new Turn();
    const order: string[] = [];
    const first = turn.end().then(() => order.push('first'));
    await Promise.resolve().then(() => order.push('due'));
    const second = turn.end().then(() => order.push('second'));
    // What the first does next comes after the second has been told: both write in the same turn.
    await Promise.all([first.then(() => order.push('after first')), second]);
    expect(order).toEqual(['due', 'first', 'second', 'after first']);
  });

  it('is another one for who comes later', async () => {
    const turn = new Turn();
    const first = turn.end();
    await first;
    expect(turn.end()).not.toBe(first);
  });
});
