import { HttpFailure, type HttpResponse } from '@stellwerk/http';
import { describe, expect, it, vi, afterEach, beforeEach } from 'vitest';
import { Breaker } from './breaker.js';
import { Held } from './call.errors.js';

const answer = (status: number) => async (): Promise<HttpResponse> => ({ status, headers: {}, text: '', json: () => ({}) as never });
const fails = async (): Promise<HttpResponse> => {
  throw new HttpFailure('sent', 'timeout', 'late');
};
let breaker: Breaker;

beforeEach(() => {
  vi.useFakeTimers();
  breaker = new Breaker({ name: 'c/triggers', timeoutMs: 12_000, innocent: (error) => error instanceof HttpFailure && error.kind === 'blocked', onChange: () => undefined });
});
afterEach(() => {
  breaker.shutdown();
  vi.useRealTimers();
});

const times = async (count: number, call: () => Promise<HttpResponse>) => {
  for (let n = 0; n < count; n += 1) await breaker.run(call).catch(() => undefined);
};

describe('the breaker', () => {
  it('stays closed below five calls', async () => {
    await times(4, fails);
    expect(breaker.state).toBe('closed');
  });

  it('opens after five failures and then holds calls back', async () => {
    await times(5, fails);
    expect(breaker.state).toBe('open');
    await expect(breaker.run(answer(200))).rejects.toBeInstanceOf(Held);
    expect(() => breaker.check()).toThrow(Held);
  });

  it('counts a 5xx as failure and still hands on the answer', async () => {
    const responses = await Promise.all(Array.from({ length: 5 }, async () => breaker.run(answer(503))));
    expect(responses.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
    expect(breaker.state).toBe('open');
  });

  it.each([400, 401, 403, 404, 409, 422, 429])('does not count a %i', async (status) => {
    await times(20, answer(status));
    expect(breaker.state).toBe('closed');
  });

  it('does not count what our own rules forbid', async () => {
    await times(20, async () => {
      throw new HttpFailure('not-sent', 'blocked', 'private');
    });
    expect(breaker.state).toBe('closed');
  });

  it('lets one trial through after its reset time, and closes when that is answered', async () => {
    await times(5, fails);
    await vi.advanceTimersByTimeAsync(25_000);
    expect(breaker.state).toBe('half-open');
    await breaker.run(answer(404));
    expect(breaker.state).toBe('closed');
  });

  it('opens again when the trial fails', async () => {
    await times(5, fails);
    await vi.advanceTimersByTimeAsync(25_000);
    await times(1, fails);
    expect(breaker.state).toBe('open');
  });

  it.each([429, 401, 403])('is not closed by a %i to its trial', async (status) => {
    await times(5, fails);
    await vi.advanceTimersByTimeAsync(25_000);
    await times(1, answer(status));
    expect(breaker.state).toBe('open');
  });

  it('lets only one call through as trial', async () => {
    await times(5, fails);
    await vi.advanceTimersByTimeAsync(25_000);
    const trial = breaker.run(() => new Promise(() => undefined));
    void trial.catch(() => undefined);
    await expect(breaker.run(answer(200))).rejects.toBeInstanceOf(Held);
  });
});
