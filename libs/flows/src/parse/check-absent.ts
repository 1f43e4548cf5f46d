import { isNeverTold, OWN_TRIGGER_TYPES, PLATFORM_EVENT_TYPES, type PlatformEventType } from '@stellwerk/contracts';
import { sureReads } from '../expressions/sure-reads.js';
import { hasTemplate, splitTemplate, UnclosedTemplate, wholeExpression } from '../expressions/template.js';
import { matchesGlobs } from '../matching/globs.js';
import { needsOf } from './check-graph.js';
import { upstreamOf } from './circles.js';
import { itemsAt, mapOf, textsAt, type ResourceSource } from './resource-source.js';
import type { Path } from './yaml-source.js';

/** Which fields of an event a filter looks at. */
const FIELDS_OF: Readonly<Record<string, readonly string[]>> = {
  pipeline: ['pipeline', 'pipelineFile'], branches: ['branch'], tags: ['tag'], base: ['base'], paths: ['paths'], environments: ['environment'], outcome: ['outcome'],
};

interface Listened {
  types: PlatformEventType[];
  /** In words, with its place in the file. */
  name: string;
}

/**
 * Warns of what can never work as the types of the triggers' events stand: a filter on what such an event never has, an expression that reads it.
 * Only what is sure: nothing that a condition may keep from being asked. Of a flow that has faults nothing more is said.
 */
export const checkAbsent = (source: ResourceSource): void => {
  if (source.broken) return;
  const triggers = itemsAt(source.spec.on, ['spec', 'on']).map(({ item, path }, at) => ({ trigger: mapOf(item), path, listened: listenedBy(mapOf(item), at) }));
  for (const { trigger, path, listened } of triggers) if (listened) checkTrigger(source, trigger, path, listened);
  const starting = triggers.flatMap(({ listened }) => listened ?? []);
  checkReads(source, source.spec.env, ['spec', 'env'], starting);
  checkSteps(source, starting);
};

/** Undefined where something else than events of platforms may start it: then nothing is known. */
const listenedBy = ({ event, schedule, absent, all }: Record<string, unknown>, at: number): Listened | undefined => {
  const patterns = textsAt(event, []).map(({ text }) => text);
  const isOther = [schedule, absent, all].some((value) => value !== undefined) || patterns.some((pattern) => OWN_TRIGGER_TYPES.some((type) => matchesGlobs(type, [pattern])));
  if (patterns.length === 0 || isOther) return undefined;
  const types = PLATFORM_EVENT_TYPES.filter((type) => matchesGlobs(type, patterns));
  return types.length === 0 ? undefined : { types, name: `trigger ${at + 1} (${types.join(', ')})` };
};

const checkTrigger = (source: ResourceSource, trigger: Record<string, unknown>, path: Path, { types }: Listened): void => {
  for (const [key, fields] of Object.entries(FIELDS_OF)) {
    if (trigger[key] === undefined || !fields.every((field) => isNeverTold(field, types))) continue;
    source.warnKey([...path, key], `${types.join(', ')} never has "${key}": this trigger starts nothing`);
  }
  const condition = trigger.if;
  if (typeof condition !== 'string') return;
  const { expression, offset } = wholeExpression(condition) ?? { expression: condition, offset: 0 };
  for (const read of sureReads(expression)) {
    if (isNeverTold(read.field, types)) source.warnInText([...path, 'if'], offset + read.offset, `"event.${read.field}" is never there in ${types.join(', ')}: this trigger starts nothing`);
  }
};

/** Steps that surely begin unless another fails before: no condition on them, nor on any that they need. */
const checkSteps = (source: ResourceSource, starting: readonly Listened[]): void => {
  const needs = needsOf(source);
  const steps = mapOf(source.spec.steps);
  const isConditional = (name: string): boolean => mapOf(steps[name]).if !== undefined;
  for (const [name, value] of Object.entries(steps)) {
    if (isConditional(name) || [...upstreamOf(needs, name)].some(isConditional)) continue;
    const path = ['spec', 'steps', name];
    checkReads(source, mapOf(value).with, [...path, 'with'], starting);
    checkReads(source, mapOf(mapOf(value).rollback).with, [...path, 'rollback', 'with'], starting);
  }
};

const checkReads = (source: ResourceSource, value: unknown, path: Path, starting: readonly Listened[]): void => {
  if (Array.isArray(value)) return value.forEach((item, at) => checkReads(source, item, [...path, at], starting));
  if (typeof value !== 'string') return Object.entries(mapOf(value)).forEach(([key, item]) => checkReads(source, item, [...path, key], starting));
  for (const { field, offset } of readsOf(value)) {
    const without = starting.filter(({ types }) => isNeverTold(field, types)).map(({ name }) => name);
    if (without.length > 0) source.warnInText(path, offset, `"event.${field}" is never there when ${listed(without)} starts it: ask has(event.${field}), or event.?${field}`);
  }
};

const listed = ([first, ...others]: readonly string[]): string => (others.length === 0 ? first! : `${first}, or ${others.length === 1 ? others[0] : `one of ${others.length} others`},`);

const readsOf = (text: string): { field: string; offset: number }[] => {
  if (!hasTemplate(text)) return [];
  try {
    return splitTemplate(text).flatMap((part) => ('text' in part ? [] : sureReads(part.expression).map(({ field, offset }) => ({ field, offset: part.offset + offset }))));
  } catch (error) {
    if (error instanceof UnclosedTemplate) return []; // said where expressions are checked
    throw error;
  }
};
