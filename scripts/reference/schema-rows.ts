import { stringify } from 'yaml';

/** The parts of JSON Schema that the language's schemas use. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  required?: string[];
  default?: unknown;
  description?: string;
  examples?: unknown[];
}

/** One key of the language. */
export interface Row {
  key: string;
  type: string;
  required: boolean;
  /** As it is written; undefined when there is none worth saying. */
  fallback?: string;
  description: string;
  example: string;
}

/** Definitions that have a section of their own. */
export const SECTIONS = ['trigger', 'filters', 'step', 'wait', 'rollback', 'approval'];

const WORDS: Readonly<Record<string, string>> = { globs: '[globs](#globs)', secret: '[secret](#secrets)' };

const nameOf = (schema: JsonSchema): string | undefined => schema.$ref?.split('/').at(-1);

const isDuration = ({ pattern }: JsonSchema): boolean => pattern?.includes('ms)?') === true;

const inline = (value: unknown): string => stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trim();

/** What may be written there, in words. */
export const typeOf = (schema: JsonSchema): string => {
  const name = nameOf(schema);
  if (name !== undefined) return WORDS[name] ?? `[${name}](#${name})`;
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((word) => `\`${String(word)}\``).join(' ');
  if (schema.anyOf) return alternatives(schema.anyOf);
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  if (schema.type === 'object') return mapType(schema);
  return scalar(schema);
};

const alternatives = (schemas: JsonSchema[]): string => {
  const [one, several] = schemas.map(typeOf);
  if (schemas.length === 2 && several === `list of ${one}`) return `${one}, or a list of it`;
  return [...new Set(schemas.map(typeOf))].join(', or ');
};

const mapType = ({ properties, additionalProperties }: JsonSchema): string => {
  if (properties) return 'map';
  const inner = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'anything';
  return `names with ${inner === 'anything' ? 'values' : inner}`;
};

const scalar = (schema: JsonSchema): string => {
  if (isDuration(schema)) return '[duration](#durations)';
  if (Array.isArray(schema.type)) return schema.type.map((type) => scalar({ type })).join(', or ');
  if (schema.format === 'date-time') return 'date and time';
  if (schema.type === 'integer' || schema.type === 'number') {
    const kind = schema.type === 'integer' ? 'whole number' : 'number';
    return schema.maximum !== undefined && schema.maximum < 1e6 ? `${kind} ${schema.minimum}–${schema.maximum}` : kind;
  }
  if (schema.type === 'boolean') return 'true or false';
  return schema.type === 'string' ? 'text' : 'anything';
};

/** The maps that may stand at a place, each with what its keys are called from there. */
export const mapsIn = (schema: JsonSchema): { schema: JsonSchema; under: string }[] => {
  if (schema.properties) return [{ schema, under: '' }];
  if (schema.items) return mapsIn(schema.items).map((found) => ({ ...found, under: `[]${found.under}` }));
  if (typeof schema.additionalProperties === 'object') return mapsIn(schema.additionalProperties).map((found) => ({ ...found, under: `.<name>${found.under}` }));
  // One of something or a list of it: the list says nothing new.
  return (schema.anyOf ?? []).filter((option) => option.type !== 'array' || !schema.anyOf!.some((other) => other.properties)).flatMap(mapsIn);
};

/** Every key at and below a map, in the order of the schema; what has a section of its own is only named. */
export const rowsOf = (schema: JsonSchema, defs: Record<string, JsonSchema>, prefix = ''): Row[] =>
  Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    const name = nameOf(value);
    const own = name !== undefined ? { ...defs[name], ...value } : value;
    const below = name !== undefined && (SECTIONS.includes(name) || name in WORDS) ? [] : mapsIn(value);
    // Of several maps that may stand there no key has to be there, unless all of them have it.
    const isNeeded = (inner: string): boolean => below.every((found) => found.schema.required?.includes(inner));
    const rows = below.flatMap((found) => rowsOf(found.schema, defs, `${path}${found.under}.`).map((row) => ({ ...row, required: row.required && (below.length === 1 || isNeeded(row.key.split('.').at(-1)!)) })));
    return [rowOf(path, value, own, schema.required?.includes(key) ?? false), ...rows]
      .filter((row, at, all) => all.findIndex((other) => other.key === row.key) === at);
  });

const rowOf = (key: string, value: JsonSchema, own: JsonSchema, required: boolean): Row => {
  const fallback = value.default;
  const isEmpty = typeof fallback === 'object' && fallback !== null && Object.keys(fallback).length === 0;
  const example = value.examples?.[0] ?? own.examples?.[0];
  return {
    key, type: typeOf(value), required: required && fallback === undefined, description: own.description ?? '',
    ...(fallback !== undefined && !isEmpty && { fallback: inline(fallback) }),
    example: example === undefined ? '' : inline({ [key.split('.').at(-1)!.replace('[]', '')]: example }).replace(/^\{ (.*) \}$/s, '$1'),
  };
};
