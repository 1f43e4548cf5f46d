import { ExpressionError } from '../expressions/expression.errors.js';
import { render } from '../expressions/render.js';
import { toText } from '../expressions/values.js';
import type { EventContext, Join } from '../model.js';
import type { Refusal } from './filters.js';

/** A key is shown to people and kept for months; names of branches, the longest that make sense, have at most 255. */
const LONGEST = 1000;

/**
 * What the event has in common with those it belongs to, as text. An evaluation error is no match, and so is nothing: else all events
 * that lack the value would belong together. Never throws.
 */
export const joinKey = ({ key: text }: Pick<Join, 'key'>, event: EventContext): { key: string } | { refusal: Refusal } => {
  try {
    const key = toText(render(text, { event: { ...event } }));
    if (key.trim() === '') return refused(`${text} gives nothing`);
    return key.length > LONGEST ? refused(`${text} gives more than ${LONGEST} characters`) : { key };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return refused(`${text}: ${error.message}`);
  }
};

const refused = (message: string): { refusal: Refusal } => ({ refusal: { filter: 'key', message } });
