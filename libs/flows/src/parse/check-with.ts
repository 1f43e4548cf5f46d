import { isWholeNumber, type ActionSchema, type FieldSpec, type FieldType } from '@stellwerk/contracts';
import { hasTemplate, wholeExpression } from '../expressions/template.js';
import { mapOf, type ResourceSource } from './resource-source.js';
import { isSecretRef } from './secret-ref.js';
import { suggestion } from './suggest.js';
import { inWords } from './written.js';
import type { Path } from './yaml-source.js';

const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** What each type of field takes when the value is no expression. */
const TAKES: Readonly<Record<FieldType, { expected: string; is: (value: unknown) => boolean }>> = {
  text: { expected: 'expected text', is: (value) => typeof value === 'string' },
  integer: { expected: 'expected a whole number above 0', is: (value) => Number.isSafeInteger(value) && Number(value) > 0 },
  boolean: { expected: 'expected true or false', is: (value) => typeof value === 'boolean' },
  map: { expected: 'expected a map', is: isMap },
  'text-map': { expected: 'expected names with texts', is: isMap },
  list: { expected: 'expected a list', is: Array.isArray },
  any: { expected: 'expected a value', is: (value) => value !== null },
  secret: { expected: 'expected a secret by reference, { env: NAME } or { file: PATH }', is: isSecretRef },
};

/** The `with` of a step against what its action takes. */
export const checkWith = (source: ResourceSource, value: unknown, path: Path, action: ActionSchema): void => {
  if (value !== undefined && !isMap(value)) return; // the schema says so
  const given = mapOf(value);
  const known = Object.keys(action.fields);
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) source.reportKey([...path, key], `unknown field "${key}" of ${action.name}${suggestion(key, known)}`);
  }
  for (const [key, field] of Object.entries(action.fields)) {
    if (Object.hasOwn(given, key)) checkField(source, given[key], [...path, key], field);
    else if (field.required) source.reportKey(value === undefined ? path.slice(0, -1) : path, `${action.name} needs "${key}": ${field.description}`);
  }
  checkExactlyOne(source, given, path, action);
  checkIds(source, given, path, action);
};

/** An empty text is spoken of elsewhere. */
const checkIds = (source: ResourceSource, given: Record<string, unknown>, path: Path, { fields }: ActionSchema): void => {
  for (const [key, { idWithout }] of Object.entries(fields)) {
    const value = given[key];
    if (idWithout === undefined || [undefined, null, ''].includes(value as never) || Object.hasOwn(given, idWithout)) continue;
    const isId = (typeof value === 'string' || typeof value === 'number') && (isWholeNumber(value) || hasTemplate(String(value)));
    if (!isId) source.report([...path, key], `without "${idWithout}" it is an id: expected a whole number above 0, got ${kindOf(value)}`);
  }
};

const checkExactlyOne = (source: ResourceSource, given: Record<string, unknown>, path: Path, { name, exactlyOne = [] }: ActionSchema): void => {
  const named = exactlyOne.filter((key) => Object.hasOwn(given, key));
  if (exactlyOne.length === 0 || named.length === 1) return;
  const words = `${name} takes exactly one of ${exactlyOne.join(', ')}`;
  if (named.length === 0) source.warnKey(path, `${words}, and none is there`);
  else source.warnKey([...path, named[1]!], `${words}, and "${named[0]!}" is there already`);
};

/** What is written out and can never be right. */
const checkText = (source: ResourceSource, text: string, path: Path, { required, description, faultOf }: FieldSpec): void => {
  if (hasTemplate(text)) return;
  const fault = text === '' ? (required ? `an empty text is as good as none: expected ${description}` : undefined) : faultOf?.(text);
  if (fault !== undefined) source.warn(path, fault);
};

const checkField = (source: ResourceSource, value: unknown, path: Path, field: FieldSpec): void => {
  if (field.type === 'secret') return checkSecret(source, value, path);
  if (typeof value === 'string' && wholeExpression(value)) return;
  const { expected, is } = TAKES[field.type];
  if (!is(value)) source.report(path, `${expected}, got ${kindOf(value)}${field.type === 'text' && isScalar(value) ? ' (quote it to make it text)' : ''}`);
  else if (field.type === 'text-map') checkTexts(source, value as Record<string, unknown>, path);
  else if (field.type === 'map') checkSecretsIn(source, value as Record<string, unknown>, path);
  else if (field.values && !hasTemplate(String(value)) && !field.values.includes(String(value))) {
    source.report(path, `unknown value "${String(value)}"${suggestion(String(value), field.values)}`);
  } else if (typeof value === 'string') checkText(source, value, path, field);
};

/** Event data must not choose which secret is sent: a reference is literal. */
const checkSecret = (source: ResourceSource, value: unknown, path: Path): void => {
  if (!isSecretRef(value)) source.report(path, `${TAKES.secret.expected}, never the secret itself`);
  else if (hasTemplate(Object.values(value).join(''))) source.report(path, 'a secret reference takes no ${{ }}');
};

const checkSecretsIn = (source: ResourceSource, map: Record<string, unknown>, path: Path): void => {
  for (const [key, value] of Object.entries(map)) if (isSecretRef(value)) checkSecret(source, value, [...path, key]);
};

const checkTexts = (source: ResourceSource, map: Record<string, unknown>, path: Path): void => {
  checkSecretsIn(source, map, path);
  for (const [key, value] of Object.entries(map)) {
    if (!isSecretRef(value) && !isScalar(value)) source.report([...path, key], `expected text, a number, a boolean or a secret by reference, got ${kindOf(value)}`);
  }
};

const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : inWords(value);
};
