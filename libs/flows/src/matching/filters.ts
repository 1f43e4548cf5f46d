import type { EventContext, Filters } from '../model.js';
import { exactPatterns, matcherOf } from './globs.js';

/** Which filter said no, and the value it saw. */
export interface Refusal {
  filter: string;
  message: string;
}

/** One filter: its name in a flow, the patterns that a trigger gives, the values of the event that they may match. */
export interface Filter {
  name: string;
  patterns: (filters: Filters) => string[] | undefined;
  values: (event: EventContext) => (string | undefined)[];
  /** `one`: all values name the same thing, so that an exclude of any excludes it. `each`: different things, one match is enough. */
  match: 'one' | 'each';
}

const basename = (path: string | undefined): string | undefined => path?.slice(path.lastIndexOf('/') + 1);

export const FILTERS: readonly Filter[] = [
  { name: 'event', patterns: (trigger) => trigger.event, values: (event) => [event.type], match: 'one' },
  { name: 'from', patterns: (trigger) => trigger.from, values: (event) => [event.connection], match: 'one' },
  { name: 'repository', patterns: (trigger) => trigger.repository, values: (event) => [event.repository], match: 'one' },
  {
    name: 'pipeline', patterns: (trigger) => trigger.pipeline, match: 'one',
    values: (event) => [event.pipeline, event.pipelineFile, basename(event.pipelineFile)],
  },
  { name: 'branches', patterns: (trigger) => trigger.branches, values: (event) => [event.branch], match: 'one' },
  { name: 'tags', patterns: (trigger) => trigger.tags, values: (event) => [event.tag], match: 'one' },
  { name: 'base', patterns: (trigger) => trigger.base, values: (event) => [event.base], match: 'one' },
  { name: 'paths', patterns: (trigger) => trigger.paths, values: (event) => event.paths ?? [], match: 'each' },
  { name: 'environments', patterns: (trigger) => trigger.environments, values: (event) => [event.environment], match: 'one' },
  { name: 'outcome', patterns: (trigger) => trigger.outcome, values: (event) => [event.outcome], match: 'one' },
  { name: 'cause', patterns: (trigger) => trigger.cause, values: (event) => [event.cause], match: 'one' },
  { name: 'actor', patterns: (trigger) => trigger.actor, values: (event) => [event.actor], match: 'one' },
];

/** The values of which the event must have one, when the patterns name them without globs; undefined when others may match too. */
export const exactNames = (patterns: readonly string[] | undefined): string[] | undefined => (patterns ? exactPatterns(patterns) : undefined);

/** True when every filter of the trigger or part, `if` aside, takes the event. */
export const filtersTake = (trigger: Filters, event: EventContext): boolean =>
  (event.fork !== true || trigger.forks) && FILTERS.every((filter) => refusalOf(filter, trigger, event) === undefined);

/** One filter of a trigger and what it made of an event. */
export interface Asked {
  filter: string;
  expected: string[];
  saw: string[];
  /** Why it says no; absent when it takes the event. */
  refusal?: string;
}

/** What every filter that the trigger or part has, `if` aside, makes of the event. */
export const askedFilters = (trigger: Filters, event: EventContext): Asked[] => [
  ...FILTERS.flatMap((filter): Asked[] => {
    const expected = filter.patterns(trigger);
    if (expected === undefined) return [];
    const saw = [...new Set(filter.values(event).filter((value) => value !== undefined))];
    return [{ filter: filter.name, expected, saw, refusal: refusalOf(filter, trigger, event)?.().message }];
  }),
  ...(event.fork === true ? [{ filter: 'forks', expected: [String(trigger.forks)], saw: ['true'], refusal: trigger.forks ? undefined : FORK_REFUSAL.message }] : []),
];

/** Every filter of the trigger, `if` aside, that says no to the event, in words. */
export const refusals = (trigger: Filters, event: EventContext): Refusal[] => [
  ...FILTERS.flatMap((filter) => refusalOf(filter, trigger, event)?.() ?? []),
  ...(event.fork === true && !trigger.forks ? [FORK_REFUSAL] : []),
];

const FORK_REFUSAL: Refusal = { filter: 'forks', message: 'the commit comes from a fork, and the trigger does not say forks: true' };

/** Undefined when the filter takes the event; the words come when they are asked for: most events match no trigger. */
const refusalOf = (filter: Filter, trigger: Filters, event: EventContext): (() => Refusal) | undefined => {
  const patterns = filter.patterns(trigger);
  if (patterns === undefined) return undefined;
  const values = filter.values(event).filter((value) => value !== undefined);
  if (values.length === 0) return () => ({ filter: filter.name, message: `the event has no value for it, expected ${list(patterns)}` });
  const takes = matcherOf(patterns);
  const matched = filter.match === 'one' ? takes(values) : values.some((value) => takes([value]));
  return matched ? undefined : () => ({ filter: filter.name, message: `${shown(values)} is not matched by ${list(patterns)}` });
};

const MAX_SHOWN = 5;

const shown = (values: string[]): string => {
  const texts = [...new Set(values)];
  return texts.length > MAX_SHOWN ? `${list(texts.slice(0, MAX_SHOWN))} and ${texts.length - MAX_SHOWN} more` : list(texts);
};

const list = (values: string[]): string => values.map((value) => `"${value}"`).join(', ');
