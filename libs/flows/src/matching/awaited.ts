import { PLATFORM_EVENT_TYPES, type PlatformEventType } from '@stellwerk/contracts';
import { ExpressionError } from '../expressions/expression.errors.js';
import { render } from '../expressions/render.js';
import { toText } from '../expressions/values.js';
import type { EventContext, EventWait, Flow, Step } from '../model.js';
import { exactNames } from './filters.js';
import { matchesGlobs } from './globs.js';
import { takes } from './match-triggers.js';

/** What a run listens to for one of its steps: events of a type in which the template gives the same key. */
export interface AwaitedEvent {
  step: string;
  type: string;
  /** What the key is made by; '' where the filters of the step alone decide, and name no repository: then the key is '' too. */
  template: string;
  key: string;
}

export type EventWaitStep = Step & { wait: EventWait };

const waitsForEvent = (step: Step): step is EventWaitStep => step.wait !== undefined && 'on' in step.wait;

/** Steps that wait for events. */
export const eventWaits = (flow: Flow): EventWaitStep[] => flow.steps.filter(waitsForEvent);

/** Types of events that the wait may take. */
const awaitedTypes = ({ on }: EventWait): PlatformEventType[] => PLATFORM_EVENT_TYPES.filter((type) => matchesGlobs(type, on.event));

/** What belongs together by a wait's `key`; without one all does, and it is ''. Throws ExpressionError when the event does not have what the key names. */
export const keyOf = (template: string | undefined, event: EventContext): string => {
  if (template === undefined) return '';
  const key = toText(render(template, { event: { ...event } }));
  if (key === '') throw new ExpressionError('the key is empty', 0);
  return key;
};

/** As `keyOf`; undefined when the event has no such key, so that it belongs to nothing. */
export const keyOrNone = (template: string | undefined, event: EventContext): string | undefined => {
  try {
    return keyOf(template, event);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
};

/** Whether the event is one that a run waits for that `start` has started. What started the run is not, whoever tells it once more. Never throws. */
export const takesEvent = ({ on, key }: EventWait, start: EventContext, event: EventContext): boolean => {
  if (event.fact === start.fact || !takes(on, event)) return false;
  const own = keyOrNone(key, start);
  return own !== undefined && own === keyOrNone(key, event);
};

/** How the events that a wait may take are found: by its key, and by the repository where its filters name a few without globs. */
interface Lookup {
  template: string;
  /** What the repository adds to the key of the run; '' where it may be any. */
  repositories: string[];
}

/** Each name is a row and a lock for each run that starts, and Postgres has some thousands of locks for all that use it: a wait that names more is looked up by its key alone. */
const MOST_REPOSITORIES = 10;

const OF_REPOSITORY = '${{ event.repository }}';

/**
 * Without this a wait that has no key would have each event of its type asked of each run that waits, thousands of them, whatever repository it
 * is of. Lookups only narrow: whether an event is taken is said by `takesEvent`.
 */
const lookupOf = ({ on, key = '' }: EventWait): Lookup => {
  const names = exactNames(on.repository);
  return names && names.length <= MOST_REPOSITORIES ? { template: key === '' ? OF_REPOSITORY : `${OF_REPOSITORY} ${key}`, repositories: names } : { template: key, repositories: [''] };
};

const keyIn = (repository: string, key: string): string => [repository, key].filter((part) => part !== '').join(' ');

/** What a run of the flow that the event starts will wait for. A step whose key the event does not have waits for nothing: it fails at its turn. */
export const awaitedBy = (flow: Flow, start: EventContext): AwaitedEvent[] =>
  eventWaits(flow).flatMap(({ name, wait }) => {
    const key = keyOrNone(wait.key, start);
    const { template, repositories } = lookupOf(wait);
    return key === undefined ? [] : awaitedTypes(wait).flatMap((type) => repositories.map((repository) => ({ step: name, type, template, key: keyIn(repository, key) })));
  });

/** By what the keys of events are made that runs of the flow wait for. */
export const awaitedTemplates = (flow: Flow): Pick<AwaitedEvent, 'type' | 'template'>[] =>
  eventWaits(flow).flatMap(({ wait }) => awaitedTypes(wait).map((type) => ({ type, template: lookupOf(wait).template })));
