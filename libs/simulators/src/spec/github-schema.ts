import { createRequire } from 'node:module';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';

const description = (createRequire(import.meta.url)('@octokit/openapi') as { schemas: Record<string, object> }).schemas['api.github.com'] as Record<
  string,
  unknown
>;
const ajv = new (Ajv as unknown as typeof Ajv.default)({ strict: false, allErrors: true });
(addFormats as unknown as typeof addFormats.default)(ajv);
ajv.addSchema({ $id: 'github', ...withNullables(description) });

/** OpenAPI 3.0 says `nullable`; JSON Schema wants it as a type. */
function withNullables<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withNullables) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name === 'example' || name === 'examples' ? inner : withNullables(inner)]),
  );
  if (copy['nullable'] === true && typeof copy['type'] === 'string') {
    copy['type'] = [copy['type'], 'null'];
    if (Array.isArray(copy['enum'])) copy['enum'] = [...copy['enum'], null];
    delete copy['nullable'];
  }
  return copy as T;
}

/** Fails with what GitHub's own description of its API says against the value. */
export const expectValid = (schema: string, value: unknown): void => {
  const validate = ajv.getSchema(`github#/components/schemas/${schema}`)!;
  expect(validate(value) ? [] : validate.errors).toEqual([]);
};
