import { describe, expect, it } from 'vitest';
import { cronFault, latestInstant, nextInstant, zoneFault } from './cron.js';

const BERLIN = 'Europe/Berlin';
const instants = (cron: string, after: string, count: number, zone = BERLIN): (string | undefined)[] => {
  const found: (string | undefined)[] = [];
  for (let at: Date | undefined = new Date(after); found.length < count && at; found.push(at?.toISOString())) at = nextInstant({ cron, zone }, at);
  return found;
};

describe('instants of a schedule', () => {
  it('are of its zone, and after the time that is given', () => {
    expect(instants('0 6 * * MON-FRI', '2026-11-27T05:00:00Z', 2)).toEqual(['2026-11-30T05:00:00.000Z', '2026-12-01T05:00:00.000Z']);
    expect(instants('0 6 * * MON-FRI', '2026-11-27T04:59:59.999Z', 1)).toEqual(['2026-11-27T05:00:00.000Z']);
  });

  it('that fall into the gap when the clock is set forward come at its end, once', () => {
    expect(instants('30 2 * * *', '2026-03-28T12:00:00Z', 2)).toEqual(['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z']);
  });

  it('come once when the clock is set back; those of every half hour keep their distance', () => {
    expect(instants('30 2 * * *', '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']);
    expect(instants('*/30 * * * *', '2026-10-25T00:00:00Z', 4)).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-25T01:00:00.000Z', '2026-10-25T01:30:00.000Z', '2026-10-25T02:00:00.000Z']);
  });

  it('that are over: the last one after a time, none when there was none', () => {
    const hourly = { cron: '0 * * * *', zone: 'UTC' };
    const after = new Date('2026-01-01T00:00:00Z');
    expect(latestInstant(hourly, after, new Date('2026-01-01T03:59:00Z'))?.toISOString()).toBe('2026-01-01T03:00:00.000Z');
    expect(latestInstant(hourly, after, new Date('2026-01-01T03:00:00Z'))?.toISOString()).toBe('2026-01-01T03:00:00.000Z');
    expect(latestInstant(hourly, after, new Date('2026-01-01T00:59:00Z'))).toBeUndefined();
  });
});

it.each(['61 6 * * *', '0 6 * *', '* * * * * *', '0 6 * * FRY', '0 16 * * FRIDAY', '0 6 31 2 *', '', '@daily', '2026-01-01T00:00:00'])('"%s" names no instants, which is said in words', (cron) => {
  expect(cronFault(cron)).toMatch(/^expected a cron expression of five fields such as .*: \w{2}/);
});

it.each(['0 6 * * MON-FRI', '*/5 8-18 1,15 * *', '0 0 29 2 *', '0 6 L * *'])('"%s" names instants', (cron) => expect(cronFault(cron)).toBeUndefined());

it('a zone is one of the IANA data', () => expect(['Europe/Berlin', 'UTC', 'Europe/Berln', 'a b'].map((zone) => zoneFault(zone) === undefined)).toEqual([true, true, false, false]));
