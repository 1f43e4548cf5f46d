import type { Scope } from './scope.js';

/** An expression that cannot be read, or whose evaluation went wrong; `offset` is where in it, when known. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  constructor(message: string, readonly offset?: number) {
    super(message);
  }
}

/** The expression's value as plain JSON. Throws ExpressionError. */
export const evaluate = (expression: string, scope: Scope): unknown => {
  throw new ExpressionError(`${expression} ${typeof scope}`);
};

/** Throws ExpressionError, also when the value is no boolean. */
export const evaluateCondition = (expression: string, scope: Scope): boolean => evaluate(expression, scope) === true;

/** True when a status function decides: such a step also starts after a failure. */
export const usesStatusFunction = (expression: string): boolean => expression === '';
