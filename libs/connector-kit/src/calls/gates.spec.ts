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
    gates.limit(5_000);
    vi.advanceTimersByTime(4_999);
    expect(() => gates.check(old)).toThrow(Held);
    vi.advanceTimersByTime(1);
    expect(() => gates.check(old)).not.toThrow();
  });

  it('keep the farther of two limits', () => {
    const gates = new Gates();
    const far = gates.limit(60_000);
    gates.limit(1_000);
    expect(gates.notBefore).toEqual(far);
  });

  it('wait a minute where no time is named, and longer each time, until a call is taken', () => {
    const gates = new Gates();
    const waits = (): number => {
      const wait = gates.limit().getTime() - Date.now();
      vi.advanceTimersByTime(wait);
      return wait / 60_000;
    };
    expect([waits(), waits(), waits(), waits(), waits(), waits(), waits(), waits()]).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    gates.passed();
    expect([waits(), waits()]).toEqual([1, 2]);
  });

  it('take for one limit what calls meet that were under way together, whoever of them is taken', () => {
    const gates = new Gates();
    const until = gates.limit();
    gates.passed();
    expect([gates.limit(), gates.limit()]).toEqual([until, until]);
    vi.setSystemTime(until);
    expect(gates.limit().getTime() - Date.now()).toBe(120_000);
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
