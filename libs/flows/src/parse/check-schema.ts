import type { z } from 'zod';
import { KINDS, type Kind, type Parsed } from '../schema/kinds.js';
import { SECRET_EXPECTED } from '../schema/shapes.js';
import type { ResourceSource } from './resource-source.js';
import type { Source } from './source.js';
import { hint, suggestion } from './suggest.js';
import { inWords } from './written.js';

type Issue = z.core.$ZodIssue;
type Key = string | number;

/** The resource as its schema reads it; undefined, and every fault reported at its place, when it does not fit. */
export const checkSchema = <K extends Kind>(source: ResourceSource, kind: K): Parsed<K> | undefined => fitted(source, KINDS[kind]) as Parsed<K> | undefined;

/** The whole document as the schema reads it; undefined, and every fault reported at its place, when it does not fit. */
export const fitted = <T extends z.ZodType>(source: Source, schema: T): z.output<T> | undefined => {
  const result = schema.safeParse(source.yaml.value);
  if (result.success) return result.data;
  // An empty map is meant for nothing: what may stand there helps more than what one of the branches misses.
  const issues = result.error.issues.flatMap((found) => (isEmptyMap(valueAt(source.yaml.value, found.path as Key[]).value) ? [found] : nearest(found)));
  for (const issue of issues) reportIssue(source, issue);
  return undefined;
};

/** Of a union, the faults of the branch that the value was meant for: the one whose type it has, and that it fails further in. */
const nearest = (issue: Issue): Issue[] => {
  if (issue.code !== 'invalid_union' || issue.message === SECRET_EXPECTED) return [issue];
  const branches = issue.errors.map((errors) => errors.flatMap((inner) => nearest(inner)));
  const within = branches.filter((errors) => errors.length > 0 && errors.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'));
  const known = within.filter((errors) => !errors.some(({ code }) => code === 'unrecognized_keys'));
  const meant = fewest(known.length > 0 ? known : within)
    ?? branches.find((errors) => errors.length > 0 && errors.every((inner) => inner.code !== 'invalid_type' && inner.code !== 'invalid_union'));
  if (!meant) return [issue];
  return meant.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
};

/** Of several maps that a value may be, the one that it misses least, and of two such the one whose own keys it has. */
const fewest = (branches: readonly Issue[][]): Issue[] | undefined => {
  const count = (errors: readonly Issue[]): number => errors.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
  const strange = (errors: readonly Issue[]): number => errors.filter(({ code, path }) => code === 'unrecognized_keys' && path.length === 0).length;
  return [...branches].sort((a, b) => count(a) - count(b) || strange(a) - strange(b))[0];
};

/** Those of YAML 1.1; an alias for a whole value is read. */
const MERGE_KEY = 'merge keys (<<) are not read: expected the keys themselves, or an alias (*name) in the place of the whole value';

const reportIssue = (source: Source, issue: Issue): void => {
  const path = issue.path as Key[];
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(' ');
    for (const key of issue.keys) source.reportKey([...path, key], key === '<<' ? MERGE_KEY : `unknown key "${key}"${suggestion(key, known)}`);
    return;
  }
  const found = valueAt(source.yaml.value, path);
  if (found.missing !== undefined) source.report(path, `"${found.missing}" is missing: ${issue.message}`);
  else if (issue.code === 'custom' && typeof found.value === 'object') source.report(path, issue.message);
  else source.report(path, `${issue.message}, got ${described(found.value, issue.message)}${meantWord(issue, found.value)}`);
};

const meantWord = (issue: Issue, value: unknown): string =>
  issue.code === 'invalid_value' && typeof value === 'string' ? hint(value, issue.values.map(String)) : '';

/** `missing` names the first key of the path that is not there. */
const valueAt = (root: unknown, path: Key[]): { value?: unknown; missing?: Key } => {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return { missing: key };
    value = (value as Record<Key, unknown>)[key];
  }
  return { value };
};

const isEmptyMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

const MAX_SHOWN = 60;

/** What a person wrote, in words; a secret that was written out is never repeated. */
const described = (value: unknown, expected: string): string => {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return isEmptyMap(value) ? 'an empty map' : 'a map';
  if (expected === SECRET_EXPECTED) return 'something else';
  const shown = JSON.stringify(value);
  const text = shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}…` : shown;
  return typeof value === 'string' ? text : `${inWords(value)}${expected.includes('text') ? ' (quote it to make it text)' : ''}`;
};
