import type { ConditionExplanation, FlowExplanation, TriggerExplanation } from '@stellwerk/contracts';
import { evaluateCondition } from '../expressions/evaluate.js';
import { shownValue, valuesRead } from '../expressions/values-read.js';
import type { EventContext, Filters, Flow, Join, Trigger } from '../model.js';
import { askedFilters, type Asked, type Refusal } from './filters.js';
import { joinKey } from './join-key.js';
import { isPart, matchedTrigger, NO_SINGLE_EVENT, takes } from './match-triggers.js';

/**
 * What a flow makes of an event: each condition of each trigger, whether it holds, and the values it saw. Which trigger takes it is asked of
 * the matching itself, so that the two cannot differ. Never throws.
 */
export const explainFlow = (flow: Flow, event: EventContext): FlowExplanation => {
  const triggers = flow.on.map((trigger) => explainTrigger(trigger, event));
  const matched = matchedTrigger(flow.on, event)?.index;
  return { flow: flow.name, revision: flow.revision, ...(matched !== undefined && { matched }), triggers };
};

const explainTrigger = (trigger: Trigger, event: EventContext): TriggerExplanation => ({
  trigger: trigger.index, takes: matchedTrigger([trigger], event) !== undefined, conditions: conditionsOf(trigger, event),
});

/** Of an absence to which this event means nothing. */
const NOT_AWAITED: Refusal = { filter: 'absent', message: 'no event starts it: it starts when none that it waits for has come in its time' };

/** Of one that no single event starts the last says why, whether or not its filters take the event. */
const conditionsOf = (trigger: Trigger, event: EventContext): ConditionExplanation[] => {
  const { schedule, absent, all } = trigger;
  if (schedule) return [never(NO_SINGLE_EVENT.schedule, `${schedule.cron} (${schedule.zone})`)];
  if (absent) return [...asked(absent.of, event), never(takes(absent.of, event) ? NO_SINGLE_EVENT.absent : NOT_AWAITED, `for ${absent.forMs / 1000} s`)];
  return all ? all.parts.flatMap(({ name, filters }) => ofPart(all, filters, event).map((condition) => ({ part: name, ...condition }))) : asked(trigger, event);
};

const asked = (filters: Filters, event: EventContext): ConditionExplanation[] => [...askedFilters(filters, event).map(ofFilter), ...ofIf(filters, event)];

const ofPart = (join: Join, filters: Filters, event: EventContext): ConditionExplanation[] => {
  const own = asked(filters, event);
  if (!takes(filters, event)) return own;
  const found = joinKey(join, event);
  return [...own, never('key' in found ? isPart(found.key) : found.refusal, join.key)];
};

const never = ({ filter, message }: Refusal, expected: string): ConditionExplanation => ({ condition: filter, expected: [shownText(expected)], holds: false, message: shownText(message), saw: [] });

/** Many of them have to fit into a message. */
const MOST_SHOWN = 8;
const LONGEST = 400;

const shownText = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

const ofFilter = ({ filter, expected, saw, refusal }: Asked): ConditionExplanation => ({
  condition: filter, expected: expected.slice(0, MOST_SHOWN).map(shownText), holds: refusal === undefined, ...(refusal !== undefined && { message: shownText(refusal) }),
  saw: saw.length === 0 ? [{ expression: filter }] : saw.slice(0, MOST_SHOWN).map((value) => ({ expression: filter, value: shownValue(value) })),
});

/** Also when a filter has said no already: people want to know what else would. */
const ofIf = ({ if: expression }: Pick<Filters, 'if'>, event: EventContext): ConditionExplanation[] => {
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
