import { evaluateCondition } from '../expressions/evaluate.js';
import { ExpressionError } from '../expressions/expression.errors.js';
import type { EventContext, Filters } from '../model.js';
import type { Refusal } from './filters.js';

/** Why the `if` says no. An evaluation error is no match: the missing value that causes it is as good as a no. */
export const conditionRefusals = ({ if: condition }: Filters, event: EventContext): Refusal[] => {
  if (condition === undefined) return [];
  try {
    if (evaluateCondition(condition, { event: { ...event } })) return [];
    return [{ filter: 'if', message: `${condition} is false` }];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [{ filter: 'if', message: `${condition}: ${error.message}` }];
  }
};
