import type { Absence, Filters, Join, Schedule, Trigger } from '../model.js';
import { revisionOf } from '../revision.js';
import type { Parsed } from '../schema/kinds.js';
import { FILTER_KEYS } from '../schema/trigger.js';
import { present } from './present.js';

type ParsedTrigger = NonNullable<Parsed<'Flow'>['spec']['on']>[number];
type ParsedFilters = Pick<ParsedTrigger, (typeof FILTER_KEYS)[number] | 'forks' | 'if'>;

/** Any event: what a trigger without `event` listens to. */
const ANY_EVENT = ['**'];

/** A flow's triggers as they run; none of one that only people start. Their checks have passed. */
export const buildTriggers = (on: readonly ParsedTrigger[] = []): Trigger[] => on.map((trigger, index) => ({
  ...buildFilters(trigger),
  index,
  allowCircle: trigger['allow-circle'],
  ...buildOther(trigger, on.slice(0, index).filter(({ all }) => all).length),
}));

/** What an event must be like; without `event` it may be any. */
export const buildFilters = (filters: ParsedFilters): Filters => ({
  ...present(Object.fromEntries(FILTER_KEYS.map((key) => [key, filters[key]]))),
  event: filters.event ?? ANY_EVENT,
  forks: filters.forks,
  ...present({ if: filters.if }),
});

/** What else than a single event starts it; then none does. `joins`: how many joins stand before it in the flow. */
const buildOther = (trigger: ParsedTrigger, joins: number): Partial<Trigger> => {
  if (trigger.schedule !== undefined) return { event: [], schedule: buildSchedule(trigger.schedule, trigger.zone) };
  if (trigger.absent) return { event: [], absent: buildAbsence(trigger.absent, trigger.for ?? 0) };
  if (trigger.all) return { event: [], all: buildJoin(trigger, joins) };
  return {};
};

/** By what it says: an edit of it is another schedule, one of anything else is not. */
const buildSchedule = (cron: string, zone: string): Schedule => ({ id: `schedule:${revisionOf([cron, zone])}`, cron, zone });

const buildAbsence = (filters: ParsedFilters, forMs: number): Absence => {
  const of = buildFilters(filters);
  return { id: `absent:${revisionOf([of, forMs])}`, of, forMs };
};

/** By its place among the joins: a part that is added or changed is one of the rounds that are open as well. */
const buildJoin = ({ all, key, within, missing }: ParsedTrigger, place: number): Join => ({
  id: `all:${place}`,
  parts: Object.entries(all ?? {}).map(([name, filters]) => ({ name, filters: buildFilters(filters) })),
  key: key ?? '',
  withinMs: within,
  missing,
});
