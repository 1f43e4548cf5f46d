import type { FieldType } from '@stellwerk/contracts';
import type { ExpressionChecker } from '../expressions/check-expression.js';
import { wholeExpression } from '../expressions/template.js';
import { actionOf, type Catalog } from './check-steps.js';
import { mapOf, type ResourceSource } from './resource-source.js';
import type { Path } from './yaml-source.js';

/** Kinds of values that no field of the type takes when it is rendered; numbers are taken as texts, and texts that are numbers as numbers. */
const REFUSED: Readonly<Partial<Record<FieldType, RegExp>>> = {
  text: /^(bool|list|map|[A-Z])/,
  integer: /^(bool|double|list|map|[A-Z])/,
  boolean: /^(int|double|list|map|google|[A-Z])/,
  map: /^(string|int|double|bool|list|google)/,
  'text-map': /^(string|int|double|bool|list|google)/,
  list: /^(string|int|double|bool|map|google|[A-Z])/,
};

const TAKES: Readonly<Partial<Record<FieldType, string>>> = { text: 'text', integer: 'a whole number', boolean: 'true or false', map: 'a map', 'text-map': 'names with texts', list: 'a list' };

/** A double that is whole is rendered as a whole number, and taken. */
const mayFit = (type: FieldType, given: string): boolean => type === 'integer' && given === 'double';

/**
 * What a value that is one expression gives, against what the field of the action takes. Every connector refuses these kinds (`Fields` of the
 * connector kit), so the step would fail in every run. What may be anything, or be absent, is not looked at.
 */
export const checkFieldTypes = (source: ResourceSource, catalog: Catalog, checkers: { plain: ExpressionChecker; deploying: ExpressionChecker }): void => {
  for (const [name, value] of Object.entries(mapOf(source.spec.steps))) {
    const step = mapOf(value);
    const path = ['spec', 'steps', name];
    const checker = step.environment === undefined ? checkers.plain : checkers.deploying;
    checkFields(source, step, path, { checker, catalog });
    checkFields(source, mapOf(step.rollback), [...path, 'rollback'], { checker, catalog });
  }
};

const checkFields = (source: ResourceSource, step: Record<string, unknown>, path: Path, { checker, catalog }: { checker: ExpressionChecker; catalog: Catalog }): void => {
  const fields = actionOf(step.uses, catalog)?.fields ?? {};
  for (const [name, value] of Object.entries(mapOf(step.with))) {
    const whole = typeof value === 'string' ? wholeExpression(value) : undefined;
    const type = Object.hasOwn(fields, name) ? fields[name]!.type : undefined;
    if (!whole || type === undefined || !REFUSED[type]) continue;
    const given = checker.strictTypeOf(whole.expression);
    if (given === undefined || !REFUSED[type].test(given)) continue;
    const [at, message] = [[...path, 'with', name], `"${name}" takes ${TAKES[type]!}, and this gives ${given}`] as const;
    if (mayFit(type, given)) source.warnInText(at, whole.offset, message);
    else source.reportInText(at, whole.offset, message);
  }
};
