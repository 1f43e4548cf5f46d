import { evaluate } from './evaluate.js';
import { ExpressionError } from './expression.errors.js';
import type { Scope } from './scope.js';
import { hasTemplate, splitTemplate, UnclosedTemplate, wholeExpression, type TemplatePart } from './template.js';
import { toText } from './values.js';

/**
 * Fills every `${{ }}` in the texts of `value`, at any depth; keys stay. A text that is one `${{ }}` takes the type of its value.
 * Throws ExpressionError, also when an expression gives what reads as a secret reference: event data must not choose secrets.
 * `at`: where `value` stands, as `with`; then the error's message begins with the place of the text, as `with.inputs.version`.
 */
export const render = (value: unknown, scope: Scope, at?: string): unknown => {
  if (typeof value === 'string') return hasTemplate(value) ? renderPlaced(value, scope, at) : value;
  if (Array.isArray(value)) return value.map((item, i) => render(item, scope, at && `${at}[${i}]`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, render(item, scope, at && `${at}.${key}`)]));
};

const renderPlaced = (text: string, scope: Scope, at: string | undefined): unknown => {
  try {
    return renderText(text, scope);
  } catch (error) {
    if (at === undefined || !(error instanceof ExpressionError)) throw error;
    throw new ExpressionError(`${at}: ${error.message}`, error.offset);
  }
};

const renderText = (text: string, scope: Scope): unknown => {
  const whole = wholeExpression(text);
  if (whole) return withoutSecrets(evaluate(whole.expression, scope));
  return partsOf(text).map((part) => ('text' in part ? part.text : toText(evaluate(part.expression, scope)))).join('');
};

const partsOf = (text: string): TemplatePart[] => {
  try {
    return splitTemplate(text);
  } catch (error) {
    if (error instanceof UnclosedTemplate) throw new ExpressionError(error.message, error.offset);
    throw error;
  }
};

const withoutSecrets = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  const [first, ...others] = Object.entries(value);
  if (!Array.isArray(value) && first && others.length === 0 && ['env', 'file'].includes(first[0]) && typeof first[1] === 'string') {
    throw new ExpressionError(`an expression must not give a secret reference ({ ${first[0]}: … })`, 0);
  }
  Object.values(value).forEach(withoutSecrets);
  return value;
};
