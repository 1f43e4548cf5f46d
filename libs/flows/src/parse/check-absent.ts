import { isNeverTold, OWN_TRIGGER_TYPES, PLATFORM_EVENT_TYPES, type PlatformEventType } from '@stellwerk/contracts';
import { sureReads } from '../expressions/sure-reads.js';
import { wholeExpression } from '../expressions/template.js';
import { matchesGlobs } from '../matching/globs.js';
import { needsOf } from './check-graph.js';
import { filterMaps, waitMaps } from './check-triggers.js';
import { upstreamOf } from './circles.js';
import { itemsAt, mapOf, textsAt, type ResourceSource } from './resource-source.js';
import { conditionIn, templatesIn, type Template } from './templates-in.js';
import type { Path } from './yaml-source.js';

/** Which fields of an event a filter looks at. */
const FIELDS_OF: Readonly<Record<string, readonly string[]>> = {
  pipeline: ['pipeline', 'pipelineFile'], branches: ['branch'], tags: ['tag'], base: ['base'], paths: ['paths'], environments: ['environment'], outcome: ['outcome'],
};

interface Listened {
  types: PlatformEventType[];
}

/** What starts the flow. */
interface Start {
  /** In words, with its place in the file. */
  name: string;
  lacks: (field: string) => boolean;
}

/**
 * Warns of what can never work as the types of the triggers' events stand: a filter on what such an event never has, an expression that reads it.
 * Only what is sure: nothing that a condition may keep from being asked. Of a flow that has faults nothing more is said.
 */
export const checkAbsent = (source: ResourceSource): void => {
  if (source.broken) return;
  const triggers = itemsAt(source.spec.on, ['spec', 'on']).map(({ item, path }) => ({ trigger: mapOf(item), path }));
  for (const { filters, path } of filterMaps(source)) {
    const listened = listenedBy(filters);
    if (listened) checkFilterMap(source, filters, path, listened);
  }
  for (const { trigger, path } of triggers) checkJoinKey(source, trigger, path);
  const starting = triggers.length === 0 ? [BY_HAND_ONLY] : triggers.flatMap(({ trigger }, at) => startOf(trigger, at) ?? []);
  checkReads(source, templatesIn(source.spec.env, ['spec', 'env']), starting);
  checkReads(source, templatesIn(mapOf(source.spec.concurrency).group, ['spec', 'concurrency', 'group']), starting);
  checkSteps(source, starting);
  for (const { filters, path } of waitMaps(source)) checkWaitKey(source, filters, path);
};

/** Undefined where something else than events of platforms may start it: then nothing is known. */
const listenedBy = ({ event, schedule, absent, all }: Record<string, unknown>): Listened | undefined => {
  const patterns = textsAt(event, []).map(({ text }) => text);
  const isOther = [schedule, absent, all].some((value) => value !== undefined) || patterns.some((pattern) => OWN_TRIGGER_TYPES.some((type) => matchesGlobs(type, [pattern])));
  if (patterns.length === 0 || isOther) return undefined;
  const types = PLATFORM_EVENT_TYPES.filter((type) => matchesGlobs(type, patterns));
  return types.length === 0 ? undefined : { types };
};

const hasOnly = (fields: readonly string[]) => (field: string): boolean => !fields.includes(field);

/** All that our own events have (`schedule/own-events.ts`); the repository of an absence is that of its filter. */
const OF_SCHEDULE = ['id', 'fact', 'type', 'cause', 'title', 'occurredAt', 'payload'];
const OF_ABSENCE = ['id', 'fact', 'type', 'title', 'occurredAt', 'payload', 'repository'];
const BY_HAND_ONLY: Start = { name: 'a person', lacks: hasOnly(['id', 'fact', 'type', 'actor', 'occurredAt']) };

/** Undefined of joins, whose last part may be any of theirs. */
const startOf = (trigger: Record<string, unknown>, at: number): Start | undefined => {
  if (trigger.schedule !== undefined) return { name: `trigger ${at + 1} (schedule)`, lacks: hasOnly(OF_SCHEDULE) };
  if (trigger.absent !== undefined) return { name: `trigger ${at + 1} (absent)`, lacks: hasOnly(OF_ABSENCE) };
  const types = listenedBy(trigger)?.types;
  return types && { name: `trigger ${at + 1} (${types.join(', ')})`, lacks: (field) => isNeverTold(field, types) };
};

/** What an event that never comes means, by where its filters stand. */
const meaningAt = (path: Path): string => {
  if (path.at(-1) === 'absent') return 'it is always absent';
  if (path.at(-1) === 'wait') return 'it is waited for in vain';
  return path.at(-2) === 'all' ? 'this part never comes' : 'this trigger starts nothing';
};

/** Also of a part, an absence and a wait. */
const checkFilterMap = (source: ResourceSource, trigger: Record<string, unknown>, path: Path, { types }: Listened): void => {
  const meaning = meaningAt(path);
  for (const [key, fields] of Object.entries(FIELDS_OF)) {
    if (trigger[key] === undefined || !fields.every((field) => isNeverTold(field, types))) continue;
    source.warnKey([...path, key], `${types.join(', ')} never has "${key}": ${meaning}`);
  }
  const condition = trigger.if;
  if (typeof condition !== 'string') return;
  const { expression, offset } = wholeExpression(condition) ?? { expression: condition, offset: 0 };
  for (const read of sureReads(expression)) {
    if (isNeverTold(read.field, types)) source.warnInText([...path, 'if'], offset + read.offset, `"event.${read.field}" is never there in ${types.join(', ')}: ${meaning}`);
  }
};

/** Without a key an event belongs to no round. */
const checkJoinKey = (source: ResourceSource, { all, key }: Record<string, unknown>, path: Path): void => {
  for (const [name, part] of Object.entries(mapOf(all))) {
    const types = listenedBy(mapOf(part))?.types ?? [];
    for (const { field, offset } of readsIn(templatesIn(key, []))) {
      if (isNeverTold(field, types)) source.warnInText([...path, 'key'], offset, `"event.${field}" is never there in part "${name}" (${types.join(', ')}): the parts never come together`);
    }
  }
};

/** An event without the key is another one than that which is waited for. */
const checkWaitKey = (source: ResourceSource, filters: Record<string, unknown>, path: Path): void => {
  const types = listenedBy(filters)?.types ?? [];
  for (const { field, path: place, offset } of readsIn(templatesIn(filters.key, [...path, 'key']))) {
    if (isNeverTold(field, types)) source.warnInText(place, offset, `"event.${field}" is never there in ${types.join(', ')}: ${meaningAt(path)}`);
  }
};

/** Steps whose turn surely comes unless another fails before: no condition on any that they need. One with a condition of its own is asked that, and only that is sure. */
const checkSteps = (source: ResourceSource, starting: readonly Start[]): void => {
  const needs = needsOf(source);
  const steps = mapOf(source.spec.steps);
  const isConditional = (name: string): boolean => mapOf(steps[name]).if !== undefined;
  for (const [name, value] of Object.entries(steps)) {
    if ([...upstreamOf(needs, name)].some(isConditional)) continue;
    const [step, path] = [mapOf(value), ['spec', 'steps', name]];
    const begun = [
      ...templatesIn(step.with, [...path, 'with']), ...templatesIn(mapOf(step.rollback).with, [...path, 'rollback', 'with']), ...templatesIn(mapOf(step.wait).key, [...path, 'wait', 'key']),
    ];
    checkReads(source, isConditional(name) ? conditionIn(step.if, [...path, 'if']) : begun, starting);
  }
};

const checkReads = (source: ResourceSource, expressions: readonly Template[], starting: readonly Start[]): void => {
  for (const { field, path: place, offset } of readsIn(expressions)) {
    const without = starting.filter(({ lacks }) => lacks(field)).map(({ name }) => name);
    if (without.length > 0) source.warnInText(place, offset, `"event.${field}" is never there when ${listed(without)} starts it: ask has(event.${field}), or event.?${field}`);
  }
};

const listed = ([first, ...others]: readonly string[]): string => (others.length === 0 ? first! : `${first}, or ${others.length === 1 ? others[0] : `one of ${others.length} others`},`);

const readsIn = (expressions: readonly Template[]): { field: string; path: Path; offset: number }[] =>
  expressions.flatMap(({ expression, path, offset }) => sureReads(expression).map((read) => ({ field: read.field, path, offset: offset + read.offset })));
