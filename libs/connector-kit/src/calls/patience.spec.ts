import { PermanentError } from '@stellwerk/service-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NotReady } from './call.errors.js';
import { Patience } from './patience.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const missing = (): never => {
  throw new PermanentError('secret is not set');
};

describe('patience with what is missing', () => {
  it('lasts ten seconds, then the fault is what it is', async () => {
    const patience = new Patience();
    for (let second = 0; second < 10; second += 2) {
      await expect(patience.run('c', missing)).rejects.toThrow(NotReady);
      vi.advanceTimersByTime(2_000);
    }
    await expect(patience.run('c', missing)).rejects.toThrow(PermanentError);
    await expect(patience.run('other', missing)).rejects.toThrow(NotReady);
  });

  it('begins anew after it was there, and for a fault nobody met for long', async () => {
    const patience = new Patience();
    await expect(patience.run('c', missing)).rejects.toThrow(NotReady);
    vi.advanceTimersByTime(10_000);
    expect(await patience.run('c', () => 'there')).toBe('there');
    await expect(patience.run('c', missing)).rejects.toThrow(NotReady);
    vi.advanceTimersByTime(60_000);
    await expect(patience.run('c', missing)).rejects.toThrow(NotReady);
  });

  it('has nothing to do with other errors', async () => {
    await expect(new Patience().run('c', () => Promise.reject(new TypeError('x')))).rejects.toThrow(TypeError);
  });
});
