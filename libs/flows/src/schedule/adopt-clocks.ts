import type { Clock, KnownClock, WantedClock } from './clocks.js';

/** What is to be written so that each clock that is wanted has its row. */
export interface Adoption {
  add: Clock[];
  /** Rows that go on under another id. */
  rename: (Clock & { from: string })[];
  /** Rows of what was taken out, and has come back. */
  renew: Clock[];
}

const isAbsence = ({ id }: Pick<Clock, 'id'>): boolean => id.startsWith('absent:');

const keyOf = ({ flow, id }: Pick<Clock, 'flow' | 'id'>): string => `${flow} ${id}`;

/** A clock that counts from `since` on; an absence that was told of goes on with the next match. */
const counting = ({ flow, id, dueAt, forSeconds }: WantedClock, since: Date, told: Date | null): Clock => {
  if (forSeconds === undefined) return { flow, id, since, told, dueAt: dueAt ?? null };
  return { flow, id, since, told, dueAt: told?.getTime() === since.getTime() ? null : new Date(since.getTime() + forSeconds * 1000) };
};

/**
 * Which rows are new, and which take the place of others: an absence that was edited goes on counting from where it stood, one that comes
 * back after others were in force counts anew, as at its first load. `known`: all rows of flows that want one. Pure.
 */
export const adoptClocks = (known: readonly KnownClock[], wanted: readonly WantedClock[], now: Date): Adoption => {
  const byKey = new Map(known.map((clock) => [keyOf(clock), clock]));
  const kept = new Set(wanted.map(keyOf));
  const left = Map.groupBy(known.filter((clock) => isAbsence(clock) && !clock.stale && !kept.has(keyOf(clock))).sort((a, b) => b.since.getTime() - a.since.getTime()), ({ flow }) => flow);
  const adoption: Adoption = { add: [], rename: [], renew: [] };
  for (const one of wanted) {
    const there = byKey.get(keyOf(one));
    const former = there || !isAbsence(one) ? undefined : left.get(one.flow)?.shift();
    if (there?.stale) adoption.renew.push(counting(one, now, null));
    else if (former) adoption.rename.push({ ...counting(one, former.since, former.told), from: former.id });
    else if (!there) adoption.add.push(counting(one, now, null));
  }
  return adoption;
};
