import { Cron } from 'croner';
import { LRUCache } from 'lru-cache';
import type { Schedule } from '../model.js';

type Instants = Pick<Schedule, 'cron' | 'zone'>;

/** Reading a pattern is the slow part; there are as many as there are schedules. */
const known = new LRUCache<string, Cron>({ max: 2000 });

const read = ({ cron, zone }: Instants): Cron => {
  const key = `${zone} ${cron}`;
  const found = known.get(key) ?? new Cron(cron, { mode: '5-part', timezone: zone });
  known.set(key, found);
  return found;
};

/**
 * The first instant after `after`, which is none of them; undefined when there is none. Where the clock is set forward, what falls into the
 * gap comes at its end; where it is set back, an instant comes once, and every hour or half hour each time.
 * Throws what `cronFault` tells of.
 */
export const nextInstant = (schedule: Instants, after: Date): Date | undefined => read(schedule).nextRun(after) ?? undefined;

/** The last instant after `after` that is over at `now`; undefined when there was none. Not for long spans: it goes from one to the next. */
export const latestInstant = (schedule: Instants, after: Date, now: Date): Date | undefined => {
  let latest: Date | undefined;
  for (let next = nextInstant(schedule, after); next && next <= now; next = nextInstant(schedule, next)) latest = next;
  return latest;
};

/**
 * The last time at or before `now` that the expression names in the zone; undefined when there was none. A time that a change of the clock leaves
 * out comes when the clocks have changed; one that it brings twice counts once, the first time.
 */
export const lastInstant = (schedule: Instants, now: Date): Date | undefined => {
  // croner looks before the whole second it is given.
  const [last] = read(schedule).previousRuns(1, new Date(Math.floor(now.getTime() / 1000) * 1000 + 1000));
  return last;
};

/** A day that is in every calendar, so that a fault does not depend on today. */
export const SOME_DAY = new Date('2024-01-01T00:00:00Z');

const FIVE_FIELDS = /^\S+( +\S+){4}$/;

/** What is wrong with a cron expression of five fields, in words; undefined when it names instants. Names such as @daily are none of cron's. */
const faultIn = (cron: string): string | undefined => {
  if (!FIVE_FIELDS.test(cron.trim())) return `it has ${cron.trim().split(/\s+/).length} fields`;
  try {
    return nextInstant({ cron, zone: 'UTC' }, SOME_DAY) ? undefined : 'it names no instant that ever comes';
  } catch (error) {
    return (error as Error).message.replace(/^Cron\w+: /, '');
  }
};

/** What lint says of a cron expression; undefined when it names instants. */
export const cronFault = (cron: string): string | undefined => {
  const fault = faultIn(cron);
  return fault && `expected a cron expression of five fields such as "0 6 * * MON-FRI", got "${cron}": ${fault}`;
};

/** What lint says of a time zone; undefined when the IANA data of this Node know it. */
export const zoneFault = (zone: string): string | undefined => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return `unknown time zone "${zone}": expected one such as Europe/Berlin or UTC`;
  }
};
