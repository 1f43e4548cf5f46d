import { PermanentError, RetryableError, StoreAwayError } from '@stellwerk/service-kit';
import { describe, expect, it } from 'vitest';
import { verdictOf } from './verdict.js';

describe('what a handler throws decides how its message ends', () => {
  it.each([
    [new PermanentError('cannot parse'), 'dead'],
    [new RetryableError('busy'), 'retry'],
    [new StoreAwayError('no database'), 'hold'],
    [new Error('unknown'), 'retry'],
    ['not even an error', 'retry'],
    [undefined, 'retry'],
  ])('%s', (error, outcome) => {
    expect(verdictOf(error, 1).outcome).toBe(outcome);
  });

  it('keeps the reason', () => {
    expect(verdictOf(new PermanentError('cannot parse'), 1)).toEqual({ outcome: 'dead', reason: 'cannot parse' });
  });

  it('hands on how long a platform wants to be left alone', () => {
    expect(verdictOf(new RetryableError('429', { retryAfterMs: 60_000 }), 1)).toMatchObject({ outcome: 'retry', delayMs: expect.closeTo(60_500, -4) });
  });
});
