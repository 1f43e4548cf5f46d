import { ProblemError } from './problem.js';

/**
 * The body of an order that may have these keys only. A misspelt key is refused, as without it the order would be another one: `dry-run`
 * for `dryRun` would carry out what was only to be shown.
 * @throws ProblemError
 */
export const bodyOf = (body: unknown, keys: readonly string[]): Record<string, unknown> => {
  if (body === undefined || body === null) return {};
  if (typeof body !== 'object' || Array.isArray(body)) throw new ProblemError(400, `The body must be an object with ${keys.join(', ')}.`);
  const unknown = Object.keys(body).filter((key) => !keys.includes(key));
  if (unknown.length === 0) return body as Record<string, unknown>;
  const errors = unknown.map((parameter) => ({ parameter, detail: `${parameter} is not known; expected ${keys.join(', ')}` }));
  throw new ProblemError(400, errors.map(({ detail }) => detail).join('; '), errors);
};
