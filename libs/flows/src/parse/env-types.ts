import type { ExpressionChecker } from '../expressions/check-expression.js';
import { wholeExpression } from '../expressions/template.js';
import { mapOf, type ResourceSource } from './resource-source.js';

/** Types that no two kinds of values share: numbers are of two kinds, and optionals become null. */
const SURE = ['string', 'bool'];

/** The types of the names in `env`, where what is written tells them. */
export const envTypesOf = (source: ResourceSource, checker: ExpressionChecker): Record<string, string> =>
  Object.fromEntries(Object.entries(mapOf(source.spec.env)).flatMap(([name, value]) => {
    const type = typeof value === 'string' ? typeOfText(value, checker) : typeof value === 'boolean' ? 'bool' : undefined;
    return type !== undefined && SURE.includes(type) ? [[name, type]] : [];
  }));

const typeOfText = (text: string, checker: ExpressionChecker): string | undefined => {
  const whole = wholeExpression(text);
  if (whole) return checker.typeOf(whole.expression);
  return 'string';
};
