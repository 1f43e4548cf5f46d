import { absenceDetected, latestInstant, nextInstant, scheduleFired, type EventContext, type Flow, type Trigger } from '@stellwerk/flows';
import type { Clock } from './clocks.repository.js';

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
