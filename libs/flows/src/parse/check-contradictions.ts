import { bareExpression } from '../expressions/evaluate.js';
import { sureEqualities } from '../expressions/sure-equalities.js';
import { matchesGlobs } from '../matching/globs.js';
import { filterMaps } from './check-triggers.js';
import { itemsAt, mapOf, textsAt, type ResourceSource } from './resource-source.js';
import type { Path } from './yaml-source.js';

/** Filters by the field whose values they name, where one value is compared. */
const FILTER_OF: Readonly<Record<string, string>> = {
  type: 'event', connection: 'from', repository: 'repository', branch: 'branches', tag: 'tags', base: 'base', environment: 'environments', outcome: 'outcome', cause: 'cause',
};

/** Conditions that ask for what the filters beside them, or all triggers of the flow, leave out. */
export const checkContradictions = (source: ResourceSource): void => {
  for (const { filters, path } of filterMaps(source)) checkCondition(source, filters.if, [...path, 'if'], [filters], 'the filters beside it take');
  const triggers = itemsAt(source.spec.on, []).map(({ item }) => mapOf(item));
  const isPlain = ({ schedule, absent, all }: Record<string, unknown>): boolean => [schedule, absent, all].every((value) => value === undefined);
  if (triggers.length === 0 || !triggers.every(isPlain)) return;
  for (const [name, step] of Object.entries(mapOf(source.spec.steps))) checkCondition(source, mapOf(step).if, ['spec', 'steps', name, 'if'], triggers, 'the triggers take');
};

/** Whoever starts a flow by hand brings none of these fields but the type (and is the actor, which is therefore none of them). */
const BY_HAND = 'run.requested';

const checkCondition = (source: ResourceSource, condition: unknown, path: Path, filters: readonly Record<string, unknown>[], who: string): void => {
  if (typeof condition !== 'string') return;
  const expression = bareExpression(condition);
  for (const { field, values, offset } of sureEqualities(expression)) {
    const taken = Object.hasOwn(FILTER_OF, field) ? filters.map((one) => textsAt(one[FILTER_OF[field]!], []).map(({ text }) => text)) : [[]];
    const isTaken = (patterns: readonly string[]): boolean => patterns.length === 0 || values.some((value) => value === BY_HAND || matchesGlobs(value, [...patterns]));
    if (taken.some(isTaken)) continue;
    source.warnInText(path, condition.indexOf(expression) + offset, `it is never true: ${who} only ${[...new Set(taken.flat())].map((text) => `"${text}"`).join(', ')}`);
  }
};
