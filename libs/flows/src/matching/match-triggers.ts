import type { EventContext, Filters, Flow, Trigger } from '../model.js';
import { conditionRefusals } from './conditions.js';
import { filtersTake, refusals, type Refusal } from './filters.js';
import { joinKey } from './join-key.js';

/** Why a trigger did not match: which filter said no, and the value it saw. */
export interface MatchReason extends Refusal {
  /** The trigger's place in the file, from 0. */
  trigger: number;
  /** Of a join: the part whose filter it is. */
  part?: string;
}

export type MatchResult = { trigger: Trigger } | { reasons: MatchReason[] };

/** The first trigger in the file that the event starts by itself; else what every trigger says to it. Never throws. */
export const matchTriggers = (flow: Flow, event: EventContext): MatchResult => {
  const trigger = matchedTrigger(flow.on, event);
  if (trigger) return { trigger };
  return {
    // Found when read: most events match no trigger of most flows, and nobody asks why.
    get reasons() {
      return flow.on.flatMap((candidate) => reasonsOf(candidate, event).map((reason) => ({ trigger: candidate.index, ...reason })));
    },
  };
};

/** The first of the triggers that takes the event. Never throws. */
export const matchedTrigger = (triggers: readonly Trigger[], event: EventContext): Trigger | undefined =>
  triggers.find((candidate) => takes(candidate, event));

/** True when all filters and the `if` take the event. Never throws. */
export const takes = (filters: Filters, event: EventContext): boolean => filtersTake(filters, event) && conditionRefusals(filters, event).length === 0;

/** Why triggers of other kinds are started by no single event, whatever it is. */
export const NO_SINGLE_EVENT = {
  schedule: { filter: 'schedule', message: 'its instants start it, no event does' },
  absent: { filter: 'absent', message: 'it waits for this not to come: its time counts anew' },
} satisfies Record<string, Refusal>;

export const isPart = (key: string): Refusal => ({ filter: 'all', message: `it is this part, for the key "${key}": a run starts when all parts are there` });

type Reason = Omit<MatchReason, 'trigger'>;

const refusalsOf = (filters: Filters, event: EventContext): Reason[] => {
  const refused = refusals(filters, event);
  return refused.length > 0 ? refused : conditionRefusals(filters, event);
};

const reasonsOf = (trigger: Trigger, event: EventContext): Reason[] => {
  if (trigger.schedule) return [NO_SINGLE_EVENT.schedule];
  if (trigger.absent) return otherwise(refusalsOf(trigger.absent.of, event), NO_SINGLE_EVENT.absent);
  if (trigger.all) return trigger.all.parts.flatMap((part) => partReasons(trigger, part, event).map((reason) => ({ part: part.name, ...reason })));
  return refusalsOf(trigger, event);
};

const partReasons = ({ all }: Trigger, { filters }: { filters: Filters }, event: EventContext): Reason[] => {
  const refused = refusalsOf(filters, event);
  if (refused.length > 0) return refused;
  const found = joinKey(all!, event);
  return ['key' in found ? isPart(found.key) : found.refusal];
};

const otherwise = (reasons: Reason[], reason: Reason): Reason[] => (reasons.length > 0 ? reasons : [reason]);
