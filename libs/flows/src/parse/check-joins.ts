import { FLOW_EVENT_TYPES } from '@stellwerk/contracts';
import { sureReads } from '../expressions/sure-reads.js';
import { matchesGlobs } from '../matching/globs.js';
import { itemsAt, mapOf, textsAt, type ResourceSource } from './resource-source.js';
import { templatesIn } from './templates-in.js';
import type { Path } from './yaml-source.js';

type Map = Record<string, unknown>;

/** Other in every event, even of one run. */
const UNIQUE = ['id', 'fact'];

/** Joins that wait for nothing, or for what never comes together, and groups of one. */
export const checkJoins = (source: ResourceSource): void => {
  for (const { item, path } of itemsAt(source.spec.on, ['spec', 'on'])) {
    const parts = Object.entries(mapOf(mapOf(item).all)).map(([name, part]) => ({ name, part: mapOf(part) }));
    checkEqual(source, parts, [...path, 'all']);
    if (parts.length > 1) checkKey(source, mapOf(item).key, [...path, 'key'], parts);
  }
  for (const { field, path, offset } of readsIn(mapOf(source.spec.concurrency).group, ['spec', 'concurrency', 'group'])) {
    if (UNIQUE.includes(field)) source.warnInText(path, offset, `"event.${field}" is another one for each run: every group has one run, and nothing is ever limited`);
  }
};

interface Part {
  name: string;
  part: Map;
}

/** The order of keys, and whether one text stands in a list, mean nothing. */
const canonical = (part: Map): string =>
  JSON.stringify(Object.entries(part).map(([key, value]) => [key, Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value] as const).sort(([a], [b]) => (a < b ? -1 : 1)));

const checkEqual = (source: ResourceSource, parts: readonly Part[], path: Path): void => {
  const first = new Map<string, string>();
  for (const { name, part } of parts) {
    const before = first.get(canonical(part));
    if (Object.keys(part).length === 0) continue;
    if (before === undefined) first.set(canonical(part), name);
    else source.warnKey([...path, name], `it is the same as part "${before}": one event is both of them, and no second one is waited for`);
  }
};

const checkKey = (source: ResourceSource, key: unknown, path: Path, parts: readonly Part[]): void => {
  for (const { field, path: place, offset } of readsIn(key, path)) {
    const apart = UNIQUE.includes(field) ? 'is another one in every event' : differing(field, parts);
    if (apart !== undefined) source.warnInText(place, offset, `"event.${field}" ${apart}: the parts never come together`);
  }
};

/** Filters by the field whose values they name. */
const FILTER_OF: Readonly<Record<string, string>> = { type: 'event', connection: 'from', repository: 'repository', branch: 'branches', tag: 'tags', outcome: 'outcome', cause: 'cause', actor: 'actor' };

/** Two parts that surely have different values there. */
const differing = (field: string, parts: readonly Part[]): string | undefined => {
  const filter = Object.hasOwn(FILTER_OF, field) ? FILTER_OF[field]! : undefined;
  const named = filter === undefined ? [] : parts.flatMap(({ name, part }) => {
    const values = valuesOf(filter, part[filter]);
    return values ? [{ name, values }] : [];
  });
  for (const [at, one] of named.entries()) {
    const other = named.slice(at + 1).find(({ values }) => !values.some((value) => one.values.includes(value)));
    if (other) return `is never the same in part "${one.name}" and part "${other.name}"`;
  }
  return undefined;
};

/** All values that the filter takes; undefined where they cannot be counted. */
const valuesOf = (filter: string, value: unknown): string[] | undefined => {
  const texts = textsAt(value, []).map(({ text }) => text);
  if (texts.length === 0) return undefined;
  if (filter === 'event') return FLOW_EVENT_TYPES.filter((type) => matchesGlobs(type, texts));
  return texts.some((text) => text.includes('*') || text.startsWith('!')) ? undefined : texts;
};

const readsIn = (value: unknown, path: Path): { field: string; path: Path; offset: number }[] =>
  templatesIn(value, path).flatMap(({ expression, path: place, offset }) => sureReads(expression).map((read) => ({ field: read.field, path: place, offset: offset + read.offset })));
