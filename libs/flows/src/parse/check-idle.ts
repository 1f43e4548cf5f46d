import { constantCondition } from '../expressions/constant.js';
import { bareExpression, usesStatusFunction } from '../expressions/evaluate.js';
import { needsOf } from './check-graph.js';
import { filterMaps } from './check-triggers.js';
import { mapOf, textsAt, type ResourceSource } from './resource-source.js';

/** What is written, and does nothing. */
export const checkIdle = (source: ResourceSource): void => {
  checkRollbacks(source);
  checkNeedsOnce(source);
  checkNeverSteps(source);
  for (const { filters, path } of filterMaps(source)) {
    if (conditionOf(filters.if) === false) source.warn([...path, 'if'], 'it is never true: no event is taken');
  }
};

/** For all kinds: what YAML reads as a number is written otherwise afterwards, as 1.10 is 1.1. */
export const checkLabels = (source: ResourceSource): void => {
  const labels = mapOf(mapOf(mapOf(source.yaml.value).metadata).labels);
  for (const [name, value] of Object.entries(labels)) {
    if (typeof value === 'number' || typeof value === 'boolean') source.warn(['metadata', 'labels', name], `the ${typeof value} becomes the text "${String(value)}": quote it, so that it stays as it is written`);
  }
};

const checkRollbacks = (source: ResourceSource): void => {
  const steps = Object.values(mapOf(source.spec.steps));
  if (source.spec['on-failure'] !== 'rollback' || steps.some((step) => mapOf(step).rollback !== undefined)) return;
  source.warn(['spec', 'on-failure'], 'no step has a "rollback": there is nothing to undo, and the run only fails');
};

const checkNeedsOnce = (source: ResourceSource): void => {
  for (const [name, step] of Object.entries(mapOf(source.spec.steps))) {
    const seen = new Set<string>();
    for (const { text, path } of textsAt(mapOf(step).needs, ['spec', 'steps', name, 'needs'])) {
      if (seen.has(text)) source.warn(path, `"${text}" is there twice: was another step meant?`);
      seen.add(text);
    }
  }
};

/** True or false where an `if` is that whatever happens. */
const conditionOf = (value: unknown): boolean | undefined =>
  typeof value === 'string' ? constantCondition(bareExpression(value)) : typeof value === 'boolean' ? value : undefined;

/** Steps that are skipped whatever happens, and those that are so because of them. */
const checkNeverSteps = (source: ResourceSource): void => {
  const [steps, needs] = [mapOf(source.spec.steps), needsOf(source)];
  const ifOf = (name: string): unknown => mapOf(steps[name]).if;
  const never = new Set(Object.keys(steps).filter((name) => conditionOf(ifOf(name)) === false));
  for (const name of Object.keys(steps).filter((one) => (needs.get(one) ?? []).length === 0 && asksForFailure(ifOf(one)))) {
    source.warn(['spec', 'steps', name, 'if'], 'failure() looks at what the step needs, and it needs nothing: the step is always skipped');
  }
  for (const name of never) source.warn(['spec', 'steps', name, 'if'], 'it is never true: the step is always skipped');
  for (let found = true; found;) {
    found = false;
    for (const name of Object.keys(steps).filter((one) => !never.has(one) && !isAskedAnyway(ifOf(one)))) {
      const cause = needs.get(name)?.find((needed) => never.has(needed));
      if (cause === undefined) continue;
      source.warnKey(['spec', 'steps', name, 'needs'], `step "${name}" is always skipped, as step "${cause}" is: expected an "if" with always(), or other needs`);
      never.add(name);
      found = true;
    }
  }
};

/** It cannot be true without a failure. */
const asksForFailure = (value: unknown): boolean => typeof value === 'string' && /^\s*failure\(\)\s*(&&|$)/.test(bareExpression(value));

const isAskedAnyway = (value: unknown): boolean => typeof value === 'string' && usesStatusFunction(value);
