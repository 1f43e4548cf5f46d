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

/** A day that is in every calendar, so that a fault does not depend on today. */
const SOME_DAY = new Date('2024-01-01T00:00:00Z');

/** What is wrong with a cron expression of five fields, in words; undefined when it names instants. */
export const cronFault = (cron: string): string | undefined => {
  const fields = cron.trim().split(/\s+/).length;
  // Names such as @daily are one word.
  if (fields !== 5 && !cron.startsWith('@')) return `it has ${fields} fields`;
  try {
    return nextInstant({ cron, zone: 'UTC' }, SOME_DAY) ? undefined : 'it names no instant that ever comes';
  } catch (error) {
    return (error as Error).message.replace(/^Cron\w+: /, '');
  }
};

/** Whether the IANA data of this Node know the time zone. */
export const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
};
