import { BY_HAND } from '@stellwerk/contracts';
import type { Absence, EventContext, Filters, Flow, Schedule, Trigger } from '../model.js';
import { exactPatterns } from '../matching/globs.js';

/** The event of an instant: its id, and so its fact, is the same whoever notices that the time has come. */
export const scheduleFired = (flow: Pick<Flow, 'name'>, { id, cron, zone }: Schedule, instant: Date): EventContext => {
  const name = `${flow.name}:${id}:${instant.toISOString()}`;
  return { id: name, fact: name, type: 'schedule.fired', cause: 'schedule', title: `${cron} (${zone})`, occurredAt: instant.toISOString(), payload: { cron, zone } };
};

/** The event of an absence; `since`: the last match, else the first load. One for each `since`. */
export const absenceDetected = (flow: Pick<Flow, 'name'>, { id, of, forMs }: Absence, since: Date): EventContext => {
  const name = `${flow.name}:${id}:${since.toISOString()}`;
  const repositories = exactPatterns(of.repository ?? []);
  return {
    id: name, fact: name, type: 'absence.detected', title: `nothing for ${hours(forMs)}: ${inWords(of)}`,
    ...(repositories?.length === 1 && { repository: repositories[0] }),
    occurredAt: new Date(since.getTime() + forMs).toISOString(), payload: { since: since.toISOString(), seconds: forMs / 1000 },
  };
};

/** In the place of a trigger. Nothing can be its own result here: a person is between. */
export const STARTED_BY_HAND: Trigger = { index: BY_HAND, event: ['run.requested'], forks: false, allowCircle: true };

/** The event of a run that a person starts: who, and when. No platform told it, so nothing else is known. */
export const runRequested = ({ id, fact }: Pick<EventContext, 'id' | 'fact'>, { by, occurredAt }: { by: string; occurredAt: string }): EventContext =>
  ({ id, fact, type: 'run.requested', actor: by, occurredAt });

const hours = (ms: number): string => (ms % 3_600_000 === 0 ? `${ms / 3_600_000} h` : ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`);

const inWords = ({ forks: _, ...filters }: Filters): string =>
  Object.entries(filters).map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(', ') : String(value)}`).join('; ');
