import { PLATFORMS, type ActionSchema, type FieldSpec } from '@stellwerk/contracts';
import { z } from 'zod';
import type { ActionLookup } from './model.js';
import { KINDS_OF_STEP } from './schema/step.js';
import { testFile } from './test-files/schema.js';
import { KIND_NAMES, KINDS, type Kind } from './schema/kinds.js';

export type { Kind } from './schema/kinds.js';

type JsonSchema = Record<string, unknown>;

const SECRET: JsonSchema = {
  oneOf: ['env', 'file'].map((key) => ({
    type: 'object', properties: { [key]: { type: 'string' } }, required: [key], additionalProperties: false,
  })),
};

const TEXT: JsonSchema = { type: 'string' };
const TEMPLATE: JsonSchema = { type: 'string', pattern: '\\$\\{\\{' };
const orTemplate = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, TEMPLATE] });

const FIELD: Record<FieldSpec['type'], JsonSchema> = {
  text: TEXT,
  integer: orTemplate({ type: 'integer', minimum: 1 }),
  boolean: orTemplate({ type: 'boolean' }),
  map: orTemplate({ type: 'object' }),
  'text-map': orTemplate({ type: 'object', additionalProperties: { anyOf: [{ type: ['string', 'number', 'boolean'] }, SECRET] } }),
  list: orTemplate({ type: 'array' }),
  any: {},
  secret: SECRET,
};

/** One JSON Schema (2020-12) a kind, for editors: keys, types, descriptions, and the fields of each action's `with`. */
export const jsonSchemas = (actions: ActionLookup): Record<Kind, object> => {
  const schemas = Object.fromEntries(KIND_NAMES.map((kind) => [kind, schemaOf(kind)])) as Record<Kind, JsonSchema>;
  const { $defs } = schemas.Flow as { $defs: Record<'step' | 'rollback' | 'actions', JsonSchema> };
  $defs.actions = { allOf: actionRules(actions) };
  $defs.step.oneOf = KINDS_OF_STEP.map((key) => ({ required: [key] }));
  for (const user of [$defs.step, $defs.rollback]) user.allOf = [{ $ref: '#/$defs/actions' }];
  return schemas;
};

const schemaOf = (kind: Kind): JsonSchema => asJsonSchema(kind, KINDS[kind]);

const asJsonSchema = (title: string, schema: z.ZodType): JsonSchema =>
  ({ title, ...(withExamples(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' })) as JsonSchema) });

/** The library drops `examples` of whatever it transforms; as `example` they come through. */
const withExamples = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(withExamples);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(Object.entries(schema).map(([key, value]: [string, unknown]) => {
    if (key === 'example') return ['examples', [value]];
    if (key === 'default' || key === 'enum') return [key, value];
    return [key, BY_NAME.includes(key) ? mapped(value as Record<string, unknown>) : withExamples(value)];
  }));
};

/** Keywords below which names are the language's own. */
const BY_NAME = ['properties', '$defs'];

const mapped = (schemas: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withExamples(schema)]));

/** For files that hold several kinds: each document by its kind, in the schema beside this one. */
export const resourceSchema = (): object => ({
  title: 'Resource', $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', required: ['kind'], properties: { kind: { enum: KIND_NAMES } },
  allOf: KIND_NAMES.map((kind) => ({ if: { properties: { kind: { const: kind } } }, then: { $ref: `${kind.toLowerCase()}.json` } })),
});

/** The JSON Schema of `*.test.yaml` files. */
export const testSchema = (): object => asJsonSchema('Test', testFile);

/** By the action's name, as a schema cannot know which platform a connection is on; one name on two platforms takes either's fields. */
const actionRules = (actions: ActionLookup): JsonSchema[] => {
  const byName = new Map<string, ActionSchema[]>();
  for (const action of PLATFORMS.flatMap((platform) => actions(platform))) byName.set(action.name, [...(byName.get(action.name) ?? []), action]);
  return [...byName].map(([name, found]) => ({
    if: { properties: { uses: { pattern: `/${name}$` } }, required: ['uses'] },
    then: { properties: { with: found.length === 1 ? fieldsOf(found[0]!) : { anyOf: found.map(fieldsOf) } } },
  }));
};

const fieldsOf = ({ description, fields }: ActionSchema): JsonSchema => ({
  description,
  type: 'object',
  properties: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldSchema(field)])),
  required: Object.entries(fields).filter(([, field]) => field.required).map(([name]) => name),
  additionalProperties: false,
});

const fieldSchema = ({ type, description, values }: FieldSpec): JsonSchema =>
  ({ description, ...(values ? orTemplate({ enum: values }) : FIELD[type]) });
