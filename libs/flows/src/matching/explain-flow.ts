import type { ConditionExplanation, FlowExplanation, TriggerExplanation } from '@stellwerk/contracts';
import { evaluateCondition } from '../expressions/evaluate.js';
import { shownValue, valuesRead } from '../expressions/values-read.js';
import type { EventContext, Flow, Trigger } from '../model.js';
import { askedFilters, type Asked } from './filters.js';
import { matchedTrigger } from './match-triggers.js';

/**
 * What a flow makes of an event: each condition of each trigger, whether it holds, and the values it saw. Which trigger takes it is asked of
 * the matching itself, so that the two cannot differ. Never throws.
 */
export const explainFlow = (flow: Flow, event: EventContext): FlowExplanation => {
  const triggers = flow.on.map((trigger) => explainTrigger(trigger, event));
  const matched = matchedTrigger(flow.on, event)?.index;
  return { flow: flow.name, revision: flow.revision, ...(matched !== undefined && { matched }), triggers };
};

const explainTrigger = (trigger: Trigger, event: EventContext): TriggerExplanation => {
  const conditions = [...askedFilters(trigger, event).map(ofFilter), ...ofIf(trigger, event)];
  return { trigger: trigger.index, takes: matchedTrigger([trigger], event) !== undefined, conditions };
};

/** Many of them have to fit into a message. */
const MOST_SHOWN = 8;
const LONGEST = 400;

const shownText = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

const ofFilter = ({ filter, expected, saw, refusal }: Asked): ConditionExplanation => ({
  condition: filter, expected: expected.slice(0, MOST_SHOWN).map(shownText), holds: refusal === undefined, ...(refusal !== undefined && { message: shownText(refusal) }),
  saw: saw.length === 0 ? [{ expression: filter }] : saw.slice(0, MOST_SHOWN).map((value) => ({ expression: filter, value: shownValue(value) })),
});

/** Also when a filter has said no already: people want to know what else would. */
const ofIf = ({ if: expression }: Trigger, event: EventContext): ConditionExplanation[] => {
  if (expression === undefined) return [];
  const scope = { event: { ...event } };
  return [{ condition: 'if', expected: [shownText(expression)], ...answer(expression, scope), saw: valuesRead(expression, scope) }];
};

const answer = (expression: string, scope: { event: Record<string, unknown> }): Pick<ConditionExplanation, 'holds' | 'message'> => {
  try {
    const holds = evaluateCondition(expression, scope);
    return holds ? { holds } : { holds, message: shownText(`${expression} is false`) };
  } catch (error) {
    return { holds: false, message: shownText(`${expression}: ${(error as Error).message}`) };
  }
};
