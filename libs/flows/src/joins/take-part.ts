import { joinId } from '@stellwerk/contracts';
import type { EventContext, Join } from '../model.js';
import type { Chain } from '../planning/run-record.js';
import { missingParts } from './join-cause.js';
import { factNames, type JoinRecord, type PartRecord } from './join-record.js';

/** An event that is one or several parts of a join. */
export interface ArrivedPart {
  flow: string;
  join: Join;
  key: string;
  parts: readonly string[];
  event: EventContext;
  chain: Chain;
  now: Date;
}

/**
 * `known`: nothing new. `noted`: others are still awaited. `complete`: the last one was this. `late`: the run of this round has started
 * before. Of `known` the record may have changed all the same: it has learned another name of the fact.
 */
export type Arrival = 'known' | 'noted' | 'complete' | 'late';

/** As many as a busy branch has in weeks; a fact that is forgotten would have to be told again after that. */
const MOST_SEEN = 500;

/** What an event makes of its join's record, which stays as it is. Pure; whoever keeps the record has it locked. */
export const takePart = (record: JoinRecord | undefined, arrived: ArrivedPart): { record: JoinRecord; arrival: Arrival } => {
  const names = factNames(arrived.event);
  if (record && names.some((name) => record.seen.includes(name))) return { record: { ...record, seen: withSeen(record, names) }, arrival: 'known' };
  const round = record && record.state !== 'over' ? record : newRound(record, arrived);
  const seen = withSeen(round, names);
  if (round.state === 'complete') return { record: { ...round, seen }, arrival: 'late' };
  const noted: JoinRecord = { ...round, seen, parts: withParts(round.parts, arrived) };
  return missingParts(noted, arrived.join).length === 0 ? { record: { ...noted, state: 'complete' }, arrival: 'complete' } : { record: noted, arrival: 'noted' };
};

const newRound = (before: JoinRecord | undefined, { flow, join, key, now }: ArrivedPart): JoinRecord => ({
  id: joinId(flow, join.id, key), flow, join: join.id, key, state: 'open', parts: [], seen: before?.seen ?? [],
  openedAt: now.toISOString(), endsAt: new Date(now.getTime() + join.withinMs).toISOString(),
});

const withSeen = ({ seen }: JoinRecord, names: readonly string[]): string[] =>
  [...seen, ...names.filter((name) => !seen.includes(name))].slice(-MOST_SEEN);

/** Of two events that are the same part the one that happened later stays, whichever came first. */
const withParts = (known: readonly PartRecord[], { parts, event, chain }: ArrivedPart): PartRecord[] => {
  const wins = (name: string): boolean => {
    const other = known.find((part) => part.name === name);
    return !other || isLater(event, other.event);
  };
  const won = parts.filter(wins);
  return [...known.filter(({ name }) => !won.includes(name)), ...won.map((name) => ({ name, event, chain }))];
};

const isLater = (one: EventContext, other: EventContext): boolean => {
  const ms = Date.parse(one.occurredAt) - Date.parse(other.occurredAt);
  return ms === 0 ? one.fact > other.fact : ms > 0;
};
