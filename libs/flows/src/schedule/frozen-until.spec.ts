import { describe, expect, it } from 'vitest';
import type { Freeze } from '../model.js';
import { frozenUntil } from './frozen-until.js';

const HOUR = 3_600_000;
const until = (freezes: Freeze[], now: string): string | undefined => frozenUntil(freezes, new Date(now))?.until.toISOString();
const cron = (expression: string, hours: number, zone = 'Europe/Berlin'): Freeze => ({ cron: expression, forMs: hours * HOUR, zone });

describe('a window from one time to another', () => {
  const holidays: Freeze = { from: '2026-12-23T00:00:00+01:00', to: '2027-01-02T06:00:00+01:00', reason: 'holidays' };

  it.each([
    ['2026-12-22T22:59:59.999Z', undefined], ['2026-12-22T23:00:00Z', '2027-01-02T05:00:00.000Z'],
    ['2027-01-02T04:59:59.999Z', '2027-01-02T05:00:00.000Z'], ['2027-01-02T05:00:00Z', undefined],
  ])('at %s is open until %s', (now, end) => expect(until([holidays], now)).toBe(end));

  it('tells why, of windows that touch or overlap each reason once, and of those at one time the one that lasts', () => {
    const reasons = (freezes: Freeze[], now: string): readonly string[] => frozenUntil(freezes, new Date(now))!.reasons;
    const weekend: Freeze = { cron: '0 16 * * FRI', forMs: 64 * HOUR, zone: 'Europe/Berlin', reason: 'weekend' };
    expect(reasons([holidays], '2026-12-24T12:00:00Z')).toEqual(['holidays']);
    expect(frozenUntil([weekend, holidays], new Date('2026-12-24T12:00:00Z'))).toEqual({ until: new Date('2027-01-04T07:00:00Z'), reasons: ['holidays', 'weekend'] });
    expect(reasons([weekend, holidays], '2027-01-01T20:00:00Z')).toEqual(['weekend']);
    expect(reasons([holidays, { from: '2027-01-02T06:00:00+01:00', to: '2027-01-05T00:00:00Z' }], '2026-12-24T12:00:00Z')).toEqual(['holidays']);
    expect(reasons([{ ...weekend, cron: '0 16 * * *' }], '2026-12-24T20:00:00Z')).toEqual(['weekend']);
  });

  it('and those that follow without a gap are one', () => {
    const more: Freeze[] = [{ from: '2027-01-02T05:00:00Z', to: '2027-01-03T00:00:00Z' }, { from: '2027-01-02T12:00:00Z', to: '2027-01-04T00:00:00Z' }, { from: '2027-01-04T00:00:01Z', to: '2027-01-05T00:00:00Z' }];
    expect(until([...more, holidays], '2026-12-24T12:00:00Z')).toBe('2027-01-04T00:00:00.000Z');
  });

  it('without end is said to last long, not looked at for ever', () => expect(until([cron('* * * * *', 1)], '2026-12-24T12:00:00Z')).toMatch(/^202[67]-/));
});

describe('a window by cron in Europe/Berlin', () => {
  const weekend = cron('0 16 * * FRI', 64);

  it.each([
    ['winter, before', '2026-11-27T14:59:59.999Z', undefined],
    ['winter, at its first instant', '2026-11-27T15:00:00.000Z', '2026-11-30T07:00:00.000Z'],
    ['winter, within its first second', '2026-11-27T15:00:00.400Z', '2026-11-30T07:00:00.000Z'],
    ['winter, at its last instant', '2026-11-30T06:59:59.999Z', '2026-11-30T07:00:00.000Z'],
    ['winter, over', '2026-11-30T07:00:00Z', undefined],
    ['summer begins an hour earlier by UTC', '2026-06-26T14:00:00Z', '2026-06-29T06:00:00.000Z'],
    // Sunday 29 March 2026, 02:00 becomes 03:00: 64 hours later the clock says 09:00.
    ['over the change to summer time', '2026-03-28T12:00:00Z', '2026-03-30T07:00:00.000Z'],
    // Sunday 25 October 2026, 03:00 becomes 02:00: 64 hours later the clock says 07:00.
    ['over the change to winter time', '2026-10-24T12:00:00Z', '2026-10-26T06:00:00.000Z'],
  ])('%s', (_what, now, end) => expect(until([weekend], now)).toBe(end));

  it.each([
    ['a time that the change leaves out comes when the clocks have changed', '2026-03-29T01:00:00Z', '2026-03-29T02:00:00.000Z'],
    ['and not before', '2026-03-29T00:59:59Z', undefined],
    ['a time that the change brings twice counts the first time', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00.000Z'],
    ['and not the second', '2026-10-25T01:30:00Z', undefined],
  ])('%s', (_what, now, end) => expect(until([cron('30 2 * * *', 1)], now)).toBe(end));
});
