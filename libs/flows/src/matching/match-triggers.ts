import { evaluateCondition } from '../expressions/evaluate.js';
import { ExpressionError } from '../expressions/expression.errors.js';
import type { EventContext, Flow, Trigger } from '../model.js';
import { filtersTake, refusals, type Refusal } from './filters.js';

/** Why a trigger did not match: which filter said no, and the value it saw. */
export interface MatchReason extends Refusal {
  /** The trigger's place in the file, from 0. */
  trigger: number;
}

export type MatchResult = { trigger: Trigger } | { reasons: MatchReason[] };

/** The first trigger in the file that takes the event; else every filter that said no, for each trigger. Never throws. */
export const matchTriggers = (flow: Flow, event: EventContext): MatchResult => {
  const trigger = matchedTrigger(flow.on, event);
  if (trigger) return { trigger };
  return {
    // Found when read: most events match no trigger of most flows, and nobody asks why.
    get reasons() {
      return flow.on.flatMap((candidate) => reasonsOf(candidate, event));
    },
  };
};

/** The first of the triggers that takes the event. Never throws. */
export const matchedTrigger = (triggers: readonly Trigger[], event: EventContext): Trigger | undefined =>
  triggers.find((candidate) => filtersTake(candidate, event) && conditionRefusals(candidate, event).length === 0);

const reasonsOf = (trigger: Trigger, event: EventContext): MatchReason[] => {
  const refused = refusals(trigger, event);
  const all = refused.length > 0 ? refused : conditionRefusals(trigger, event);
  return all.map((refusal) => ({ trigger: trigger.index, ...refusal }));
};

/** An evaluation error is no match: the missing value that causes it is as good as a no. */
const conditionRefusals = (trigger: Trigger, event: EventContext): Refusal[] => {
  if (trigger.if === undefined) return [];
  try {
    if (evaluateCondition(trigger.if, { event: { ...event } })) return [];
    return [{ filter: 'if', message: `${trigger.if} is false` }];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [{ filter: 'if', message: `${trigger.if}: ${error.message}` }];
  }
};
