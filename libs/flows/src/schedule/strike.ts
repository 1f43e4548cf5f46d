import type { Absence, EventContext, Flow, Trigger } from '../model.js';
import type { Clock } from './clocks.js';
import { latestInstant, nextInstant } from './cron.js';
import { absenceDetected, scheduleFired } from './own-events.js';

/** After a pause an instant that is longer ago than this is let go. */
const LATE_MS = 3_600_000;

export interface Struck {
  /** What starts the flow; undefined when it was not time. */
  event?: EventContext;
  clock: Clock;
}

/** What a clock that is due does, and how it goes on. Pure. */
export const strike = (clock: Clock, flow: Pick<Flow, 'name'>, { schedule, absent }: Pick<Trigger, 'schedule' | 'absent'>, now: Date): Struck => {
  if (schedule) {
    const instant = latestInstant(schedule, new Date(Math.max(clock.since.getTime(), now.getTime() - LATE_MS)), now);
    // From the instant on, not from now: another replica's clock may be behind ours.
    const since = instant ?? clock.since;
    const dueAt = nextInstant(schedule, new Date(Math.max(since.getTime(), now.getTime()))) ?? null;
    return { ...(instant && { event: scheduleFired(flow, schedule, instant) }), clock: { ...clock, since, dueAt } };
  }
  const dueAt = new Date(clock.since.getTime() + (absent?.forMs ?? 0));
  if (!absent || dueAt > now) return { clock: { ...clock, dueAt: absent ? dueAt : null } };
  return { event: absenceDetected(flow, absent, clock.since), clock: { ...clock, told: clock.since, dueAt: null } };
};

/** What an event that should not stay away makes of its absence: the time counts anew, from when it happened. */
export const sightingOf = ({ forMs }: Absence, { occurredAt }: Pick<EventContext, 'occurredAt'>, now: Date): { at: Date; dueAt: Date } => {
  // A platform whose clock is ahead of ours must not put an alarm off.
  const at = new Date(Math.min(Date.parse(occurredAt), now.getTime()));
  return { at, dueAt: new Date(at.getTime() + forMs) };
};
