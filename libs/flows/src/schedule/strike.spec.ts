import { describe, expect, it } from 'vitest';
import type { Clock } from './clocks.js';
import { sightingOf, strike } from './strike.js';

const flow = { name: 'nightly' };
const schedule = { id: 'schedule:x', cron: '0 * * * *', zone: 'UTC' };
const absent = { id: 'absent:x', of: { event: ['**'], forks: false, repository: ['acme/shop'] }, forMs: 26 * 3_600_000 };
const at = (time: string): Date => new Date(`2026-01-01T${time}Z`);
const clock = (since: string, told: string | null = null): Clock => ({ flow: 'nightly', id: 'x', since: at(since), told: told === null ? null : at(told), dueAt: at(since) });

describe('the clock of a schedule', () => {
  it('strikes for the latest instant since it was looked at, and goes on from there', () => {
    const { event, clock: next } = strike(clock('02:30:00'), flow, { schedule }, at('03:00:10'));
    expect(event).toMatchObject({ type: 'schedule.fired', occurredAt: at('03:00:00').toISOString(), fact: 'nightly:schedule:x:2026-01-01T03:00:00.000Z' });
    expect([next.since, next.dueAt]).toEqual([at('03:00:00'), at('04:00:00')]);
  });

  it('strikes after a pause once, and not for what is more than an hour ago', () => {
    const daily = { ...schedule, cron: '0 1 * * *' };
    expect(strike(clock('00:00:00'), flow, { schedule: daily }, at('02:00:01')).event).toBeUndefined();
    expect(strike(clock('00:00:00'), flow, { schedule }, at('09:59:59')).event!.occurredAt).toBe(at('09:00:00').toISOString());
  });

  it('does not strike twice for one instant, also when clocks of replicas differ', () => {
    const { clock: ahead } = strike(clock('02:30:00'), flow, { schedule }, at('03:00:00'));
    const behind = strike(ahead, flow, { schedule }, at('02:59:59'));
    expect(behind.event).toBeUndefined();
    expect(behind.clock.dueAt).toEqual(at('04:00:00'));
  });
});

describe('the clock of an absence', () => {
  it('strikes when its time since the last match is over, then waits for the next match', () => {
    const now = new Date(at('00:00:00').getTime() + absent.forMs);
    const { event, clock: next } = strike(clock('00:00:00'), flow, { absent }, now);
    expect(event).toMatchObject({ type: 'absence.detected', repository: 'acme/shop', title: 'nothing for 26 h: event **; repository acme/shop' });
    expect(event!.payload).toEqual({ since: at('00:00:00').toISOString(), seconds: 93_600 });
    expect([next.told, next.dueAt]).toEqual([at('00:00:00'), null]);
  });

  it('goes on when a match came in the meantime', () => {
    const { event, clock: next } = strike(clock('23:00:00'), flow, { absent }, at('23:30:00'));
    expect(event).toBeUndefined();
    expect(next.dueAt).toEqual(new Date(at('23:00:00').getTime() + absent.forMs));
  });

  it('counts from when the event happened, never from a time to come', () => {
    expect(sightingOf(absent, { occurredAt: at('01:00:00').toISOString() }, at('02:00:00'))).toEqual({ at: at('01:00:00'), dueAt: new Date(at('01:00:00').getTime() + absent.forMs) });
    expect(sightingOf(absent, { occurredAt: at('09:00:00').toISOString() }, at('02:00:00')).at).toEqual(at('02:00:00'));
  });
});
