import { CAUSES, FLOW_EVENT_TYPES, OUTCOMES, type Platform } from '@stellwerk/contracts';
import { matchesGlobs } from '../matching/globs.js';
import { FILTER_KEYS } from '../schema/trigger.js';
import { filterMaps } from './check-triggers.js';
import { namesNothing } from './impossible-globs.js';
import type { KnownNames } from './known-names.js';
import { itemsAt, mapOf, textsAt, type ResourceSource } from './resource-source.js';
import type { Path } from './yaml-source.js';

type Map = Record<string, unknown>;

/** What the other kinds of triggers begin with. */
const OTHER_KINDS = ['schedule', 'absent', 'all'];

/** Says nothing about which events start it. */
const NO_FILTERS = ['forks', 'allow-circle', 'zone', 'for', 'key', 'within', 'missing'];

/** Filters that only some kinds of events have a value for. */
const TELLING = ['event', 'tags', 'base', 'paths', 'environments', 'outcome', 'if'];

/** Filters that take every event, or that no event can ever pass. */
export const checkFilters = (source: ResourceSource, names: KnownNames): void => {
  for (const { item, path } of itemsAt(source.spec.on, ['spec', 'on'])) if (mapOf(item) === item) checkTakesAll(source, mapOf(item), path);
  checkRepeated(source);
  for (const { filters, path } of filterMaps(source)) {
    checkBranchAndTag(source, filters, path, names);
    for (const key of FILTER_KEYS) checkTakesNothing(source, filters[key], [...path, key]);
  }
  for (const { item, path } of partsOf(source)) if (Object.keys(item).length === 0) source.warn(path, 'it names no filter: every event there is will do for this part');
};

/** A flow that every event starts is a mistake, unless somebody says that it is none. */
const checkTakesAll = (source: ResourceSource, trigger: Map, path: Path): void => {
  const keys = Object.keys(trigger);
  if (OTHER_KINDS.some((key) => keys.includes(key))) return;
  if (keys.every((key) => NO_FILTERS.includes(key))) {
    return source.report(path, 'expected event, schedule, absent or all: as it is, every event there is starts the flow (event: "**", if that is meant)');
  }
  const filters = keys.filter((key) => FILTER_KEYS.includes(key as never) || key === 'if');
  if (filters.length === 0 || filters.some((key) => TELLING.includes(key))) return;
  source.warn(path, 'it names no "event": also what is queued or has only started starts the flow (event: "**", if that is meant)');
};

const partsOf = (source: ResourceSource): { item: Map; path: Path }[] =>
  itemsAt(source.spec.on, ['spec', 'on']).flatMap(({ item, path }) =>
    Object.entries(mapOf(mapOf(item).all)).flatMap(([name, part]) => (mapOf(part) === part ? [{ item: mapOf(part), path: [...path, 'all', name] }] : [])));

/** Joins hear every event, whatever else it starts; of all others the first one that fits is the trigger. */
const checkRepeated = (source: ResourceSource): void => {
  const first = new Map<string, number>();
  const before: (Map | undefined)[] = [];
  itemsAt(source.spec.on, ['spec', 'on']).forEach(({ item, path }, at) => {
    const key = JSON.stringify(item);
    const same = first.get(key);
    if (mapOf(item) !== item || mapOf(item).all !== undefined) return;
    if (same === undefined) first.set(key, at + 1);
    else source.warn(path, `it is the same as trigger ${same}, which comes first: this one starts nothing`);
    const wider = same === undefined ? before.findIndex((other) => other !== undefined && isWithin(mapOf(item), other)) : -1;
    if (wider >= 0) source.warn(path, `trigger ${wider + 1} comes first and takes all that this one takes: this one starts nothing`);
    before[at] = mapOf(item);
  });
};

/** All that the wider one names is in it as well, word for word. */
const isWithin = (trigger: Map, wider: Map): boolean =>
  !Object.keys(wider).every((key) => NO_FILTERS.includes(key)) && OTHER_KINDS.every((key) => trigger[key] === undefined && wider[key] === undefined)
  && (trigger.forks !== true || wider.forks === true) && Object.keys(wider).every((key) => NO_FILTERS.includes(key) || JSON.stringify(wider[key]) === JSON.stringify(trigger[key]));

/** Only a release has both, and a run report where somebody writes both into it. */
const checkBranchAndTag = (source: ResourceSource, { event, from, branches, tags }: Map, path: Path, names: KnownNames): void => {
  if (branches === undefined || tags === undefined) return;
  const [types, connections] = [event, from].map((value) => textsAt(value, []).map(({ text }) => text)) as [string[], string[]];
  const mayHave = (connection: string): boolean => !HAVE_ONE.includes(names.platformOf(connection));
  if (types.some((type) => matchesGlobs('release.published', [type])) || (connections.length > 0 && connections.some(mayHave))) return;
  source.warnKey([...path, 'tags'], 'all filters have to hold, and no event has both a branch and a tag: expected two triggers, one with "branches" and one with "tags"');
};

const HAVE_ONE: readonly (Platform | undefined)[] = ['github', 'gitlab', 'jenkins'];

/** Also for environments. What names nothing is passed over when it only excludes. */
export const checkTakesNothing = (source: ResourceSource, value: unknown, path: Path): void => {
  const key = String(path.at(-1));
  const patterns = textsAt(value, path);
  for (const { text, path: place } of patterns) {
    const fault = namesNothing(key, text.replace(/^!/, ''));
    if (fault !== undefined) source.warn(place, fault);
  }
  const [wanted, excluded] = [false, true].map((excludes) => patterns.map(({ text }) => text).filter((text) => text.startsWith('!') === excludes)) as [string[], string[]];
  const isExcluded = (text: string): boolean => excluded.some((pattern) => pattern === `!${text}` || (!text.includes('*') && matchesGlobs(text, [pattern.slice(1)])));
  if (excluded.length > 0 && valuesOf(key).every((value) => !matchesGlobs(value, excluded))) source.warnKey(path, `"${key}" takes nothing: it excludes all that there is`);
  else if (wanted.length > 0 && wanted.every(isExcluded)) source.warnKey(path, `"${key}" takes nothing: whatever it names it also excludes`);
};

/** Filters whose values are all known. */
const WORDS: Readonly<Record<string, readonly string[]>> = { event: FLOW_EVENT_TYPES, outcome: OUTCOMES, cause: CAUSES };

/** Deeper than any pattern that somebody writes; no pattern names this character. */
const OF_ANY_DEPTH = Array.from({ length: 20 }, (_, more) => Array.from({ length: more + 1 }, () => '\u0001').join('/'));

/** What a filter may be asked about: who excludes all of it takes nothing. Names of connections have no segments. */
const valuesOf = (key: string): readonly string[] => (Object.hasOwn(WORDS, key) ? WORDS[key]! : key === 'from' ? OF_ANY_DEPTH.slice(0, 1) : OF_ANY_DEPTH);
