import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Held } from './call.errors.js';
import { Gates } from './gates.js';
import { pollGapMs, quotaOf } from './quota.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const old = { authorization: 'old' };

describe('the gates of a connection', () => {
  it('hold every call until the limit is over, and not a moment longer', () => {
    const gates = new Gates();
    gates.limit(new Date(Date.now() + 5_000));
    vi.advanceTimersByTime(4_999);
    expect(() => gates.check(old)).toThrow(Held);
    vi.advanceTimersByTime(1);
    expect(() => gates.check(old)).not.toThrow();
  });

  it('keep the farther of two limits', () => {
    const gates = new Gates();
    const far = new Date(Date.now() + 60_000);
    gates.limit(far);
    gates.limit(new Date(Date.now() + 1_000));
    expect(gates.notBefore).toEqual(far);
  });

  it('hold a paused connection, and let it go at once with new credentials', () => {
    const gates = new Gates();
    gates.pause('refused', old);
    expect(() => gates.check(old)).toThrow(Held);
    expect(() => gates.check({ authorization: 'new' })).not.toThrow();
  });

  it('let a paused connection be tried again after a while', () => {
    const gates = new Gates();
    const until = gates.pause('refused', old);
    vi.setSystemTime(until);
    expect(() => gates.check(old)).not.toThrow();
    expect(gates.paused).toBe('refused');
  });

  it('send one call ahead when a pause is over, and hold the others until it is back', () => {
    const gates = new Gates();
    vi.setSystemTime(gates.pause('refused', old));
    expect(gates.closedUntil).toBeUndefined();
    expect(() => gates.check(old)).not.toThrow();
    expect(() => gates.check(old)).toThrow(Held);
    expect(gates.closedUntil).toBeInstanceOf(Date);
    gates.resume();
    expect(() => gates.check(old)).not.toThrow();
  });

  it('know a connection that is paused for credentials it no longer has', () => {
    const gates = new Gates();
    expect(gates.isPausedForOthers(old)).toBe(false);
    gates.pause('refused', old);
    expect(gates.isPausedForOthers(old)).toBe(false);
    expect(gates.isPausedForOthers({ authorization: 'new' })).toBe(true);
  });
});

describe('polling and the quota', () => {
  const reset = Math.floor(Date.now() / 1_000) + 100;

  it('takes at most a fifth of what is left', () => {
    const quota = quotaOf({ 'x-ratelimit-remaining': '50', 'x-ratelimit-reset': String(reset) });
    expect(pollGapMs(quota, reset * 1_000 - 100_000)).toBe(10_000);
  });

  it('waits for the reset when nothing is left', () => {
    expect(pollGapMs(quotaOf({ 'ratelimit-remaining': '0', 'ratelimit-reset': String(reset) }), reset * 1_000 - 40_000)).toBe(40_000);
  });

  it('knows no bound where the platform names none', () => {
    expect(pollGapMs(quotaOf({}), Date.now())).toBe(0);
  });
});
