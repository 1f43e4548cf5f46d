import { CAUSES, FLOW_EVENT_TYPES, OUTCOMES, OWN_TRIGGER_TYPES } from '@stellwerk/contracts';
import { matchesGlobs } from '../matching/globs.js';
import type { KnownNames } from './known-names.js';
import { itemsAt, mapOf, textsAt, type ResourceSource } from './resource-source.js';
import { suggestion } from './suggest.js';
import { NOT_YET } from './unsupported.js';
import type { Path } from './yaml-source.js';

interface Words {
  key: string;
  what: string;
  has: (word: string) => boolean;
  all: () => readonly string[];
}

const listed = (key: string, words: readonly string[]): Words => ({ key, what: key, has: (word) => words.includes(word), all: () => words });

/** Filters that take words of a fixed list: a wrong one would silently never match. */
export const checkTriggers = (source: ResourceSource, names: KnownNames): void => {
  const words: Words[] = [
    listed('event', FLOW_EVENT_TYPES),
    { key: 'from', what: 'connection', has: (name) => names.has('Connection', name), all: () => names.all('Connection') },
    listed('outcome', OUTCOMES),
    listed('cause', CAUSES),
  ];
  for (const { filters, path } of filterMaps(source)) {
    for (const list of words) checkWords(source, filters[list.key], [...path, list.key], list);
  }
  for (const { filters, path } of triggerMaps(source)) checkOwnTypes(source, filters.event, [...path, 'event']);
  for (const { filters, path } of waitMaps(source)) checkAwaitedTypes(source, filters.event, [...path, 'event']);
};

interface FilterMap {
  filters: Record<string, unknown>;
  path: Path;
}

/** What steps wait for, where it is an event. */
export const waitMaps = (source: ResourceSource): FilterMap[] =>
  Object.entries(mapOf(source.spec.steps)).flatMap(([name, step]) => {
    const { wait } = mapOf(step);
    return wait !== undefined && mapOf(wait) === wait ? [{ filters: mapOf(wait), path: ['spec', 'steps', name, 'wait'] }] : [];
  });

/** The triggers, what stands inside `absent` and `all`, and what steps wait for. */
export const filterMaps = (source: ResourceSource): FilterMap[] => [...triggerMaps(source), ...waitMaps(source)];

const triggerMaps = (source: ResourceSource): FilterMap[] =>
  itemsAt(source.spec.on, ['spec', 'on']).flatMap(({ item, path }) => {
    const trigger = mapOf(item);
    const parts = Object.entries(mapOf(trigger.all)).map(([name, part]) => ({ filters: mapOf(part), path: [...path, 'all', name] }));
    return [{ filters: trigger, path }, { filters: mapOf(trigger.absent), path: [...path, 'absent'] }, ...parts];
  });

const checkWords = (source: ResourceSource, value: unknown, path: Path, { what, has, all }: Words): void => {
  for (const { text, path: place } of textsAt(value, path)) {
    const wanted = text.replace(/^!/, '');
    // Only a glob, or a fault, depends on all names: who names one connection need not be checked again for another one.
    if (has(wanted) || wanted === '' || all().some((word) => matchesGlobs(word, [wanted]))) continue;
    source.report(place, `unknown ${what} "${wanted}"${suggestion(wanted, all())}`);
  }
};

/** What only we tell does not come to a run that waits. */
const checkAwaitedTypes = (source: ResourceSource, value: unknown, path: Path): void => {
  for (const { text, path: place } of textsAt(value, path)) {
    if (OWN_TRIGGER_TYPES.includes(text as never)) source.report(place, `a step cannot wait for "${text}": expected an event of a platform`);
  }
};

/** Events of our own are for one trigger only, which says so itself. */
const OWN_BY: Readonly<Record<string, string>> = {
  'schedule.fired': 'starts nothing by its name: expected a trigger such as schedule: "0 6 * * MON-FRI"',
  'absence.detected': 'starts nothing by its name: expected a trigger such as absent: { … } with for: 26h',
};

const checkOwnTypes = (source: ResourceSource, value: unknown, path: Path): void => {
  for (const { text, path: place } of textsAt(value, path)) {
    if (text === 'run.requested') source.report(place, `event "${text}" needs no trigger: every flow can be started by hand, with its inputs`);
    else if (OWN_TRIGGER_TYPES.includes(text as never)) source.report(place, `event "${text}" ${OWN_BY[text] ?? `is ${NOT_YET}`}`);
  }
};
