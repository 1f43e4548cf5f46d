import { isWholeNumber, type ActionSchema, type FieldSpec } from '@stellwerk/contracts';
import { isSecretRef } from '@stellwerk/flows';

/**
 * Why a connector would refuse a rendered `with` before it calls its platform, in the words of its `Fields`; undefined = it would not. Lint has
 * seen what is written; what templates gave is met only here.
 */
export const faultOfWith = ({ name, fields, exactlyOne = [] }: ActionSchema, values: Readonly<Record<string, unknown>>): string | undefined => {
  for (const [field, spec] of Object.entries(fields)) {
    const value = values[field];
    // Their values are known to the connector only.
    if (isSecretRef(value)) continue;
    if (isAbsent(value, spec)) {
      if (spec.required) return `${name} needs \`${field}\``;
      continue;
    }
    const expected = spec.type === 'secret' ? undefined : expectedIn(spec, value);
    if (expected !== undefined) return `${name}: \`${field}\` is ${kindOf(value)}, expected ${expected}`;
  }
  return exactlyOne.length > 0 && exactlyOne.filter((field) => !isEmpty(values[field])).length !== 1 ? `${name} needs exactly one of ${listed(exactlyOne)}` : undefined;
};

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** An empty text is no map, but as good as no text: a template may have given nothing. */
const isAbsent = (value: unknown, { type }: FieldSpec): boolean => (isMapType(type) || type === 'list' ? value === undefined || value === null : isEmpty(value));

const isMapType = (type: FieldSpec['type']): boolean => type === 'map' || type === 'text-map';

/** What was expected, where it is not that. */
const expectedIn = ({ type, values }: FieldSpec, value: unknown): string | undefined => {
  if (type === 'any') return undefined;
  if (isMapType(type)) return typeof value === 'object' && !Array.isArray(value) ? undefined : 'a map';
  if (type === 'list') return Array.isArray(value) ? undefined : 'a list';
  if (type === 'boolean') return ['true', 'false'].includes(String(value)) && typeof value !== 'object' ? undefined : 'true or false';
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return 'a text';
  if (type === 'integer') return isWholeNumber(value) ? undefined : 'a whole number above 0';
  return values === undefined || values.includes(String(value)) ? undefined : `one of ${values.join(', ')}`;
};

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'a list' : typeof value);

const listed = (fields: readonly string[]): string => `${fields.slice(0, -1).map((field) => `\`${field}\``).join(', ')} and \`${fields.at(-1)!}\``;
