import { evaluateCondition } from '../expressions/evaluate.js';
import { ExpressionError } from '../expressions/expression.errors.js';
import type { EventContext, Flow, Trigger } from '../model.js';
import { refusals, type Refusal } from './filters.js';

/** Why a trigger did not match: which filter said no, and the value it saw. */
export interface MatchReason extends Refusal {
  /** The trigger's place in the file, from 0. */
  trigger: number;
}

export type MatchResult = { trigger: Trigger } | { reasons: MatchReason[] };

/** The first trigger in the file that takes the event; else every filter that said no, for each trigger. Never throws. */
export const matchTriggers = (flow: Flow, event: EventContext): MatchResult => {
  const reasons: MatchReason[] = [];
  for (const trigger of flow.on) {
    const refused = refusals(trigger, event);
    if (refused.length === 0) refused.push(...conditionRefusals(trigger, event));
    if (refused.length === 0) return { trigger };
    reasons.push(...refused.map((refusal) => ({ trigger: trigger.index, ...refusal })));
  }
  return { reasons };
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
