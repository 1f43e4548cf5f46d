import { describe, expect, it } from 'vitest';
import { InOrder } from './in-order.js';

const gate = () => Promise.withResolvers<void>();

describe('work in order', () => {
  it('of one key waits for what came before, also when that failed', async () => {
    const order = new InOrder();
    const [slow, done] = [gate(), [] as string[]];
    const first = order.run('a', async () => { await slow.promise; done.push('first'); throw new Error('it failed'); });
    const second = order.run('a', async () => { done.push('second'); return 2; });
    slow.resolve();
    await expect(first).rejects.toThrow('it failed');
    expect(await second).toBe(2);
    expect(done).toEqual(['first', 'second']);
  });

  it('of another key does not wait', async () => {
    const order = new InOrder();
    const slow = gate();
    const first = order.run('a', () => slow.promise);
    expect(await order.run('b', async () => 'b')).toBe('b');
    slow.resolve();
    await first;
  });

  it('leaves nothing behind', async () => {
    const order = new InOrder();
    await Promise.all([order.run('a', async () => 1), order.run('a', async () => 2), order.run('b', async () => 3)]);
    await Promise.resolve();
    expect(order.size).toBe(0);
  });
});
