interface Reference {
  env?: string;
  file?: string;
}

/** Gives the value behind `{env: NAME}` or `{file: PATH}`. @throws PermanentError when it is not set */
export type Reveal = (reference: { env: string } | { file: string }) => string;

const isReference = (value: unknown): value is { env: string } | { file: string } => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  const { env, file } = value as Reference;
  return keys.length === 1 && typeof (env ?? file) === 'string';
};

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * `with` with its secrets put in. Only where one may stand: in `secretFields`, and as a value inside a map; a whole map such as
 * `inputs: { env: production }` is never taken for a reference.
 */
export const revealSecrets = (values: Record<string, unknown>, secretFields: readonly string[], reveal: Reveal): Record<string, unknown> => {
  const one = (value: unknown): unknown => (isReference(value) ? reveal(value) : value);
  const field = ([name, value]: [string, unknown]): [string, unknown] => {
    if (secretFields.includes(name)) return [name, one(value)];
    if (isMap(value)) return [name, Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, one(inner)]))];
    return [name, value];
  };
  return Object.fromEntries(Object.entries(values).map(field));
};
