import { evaluate } from './evaluate.js';
import type { Scope } from './scope.js';

/** Fills every `${{ }}` in texts of `value`, at any depth. Throws ExpressionError. */
export const render = (value: unknown, scope: Scope): unknown => evaluate(String(value), scope);
