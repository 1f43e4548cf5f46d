import { awaitedBy, eventWaits, keyOf, takesEvent } from '../../matching/awaited.js';
import type { EventContext, EventWait, Wait } from '../../model.js';
import { endActivity } from '../end-work.js';
import { stepOf } from '../graph.js';
import { isFinalStep } from '../moves.js';
import type { Draft } from '../plan.js';
import type { StepRecord } from '../run-record.js';
import { closeGate, openGate } from './gate.js';

const later = ({ facts: { now } }: Draft, ms: number): Date => new Date(now.getTime() + ms);

/** The step waits for a time or an event; one that has come since the run began counts. */
export const beginWait = (draft: Draft, step: StepRecord, wait: Wait): void => {
  step.startedAt ??= draft.facts.now.toISOString();
  if ('on' in wait) return beginEventWait(draft, step, wait);
  const until = later(draft, wait.ms);
  openGate(draft, step, 'time', `waits until ${until.toISOString()}`, until);
};

const beginEventWait = (draft: Draft, step: StepRecord, wait: EventWait): void => {
  try {
    const key = keyOf(wait.key, draft.run.event);
    const until = wait.withinMs === undefined ? undefined : later(draft, wait.withinMs);
    openGate(draft, step, 'event', `waits for ${wait.on.event.join(' or ')}${key && ` of ${shown(key)}`}${until ? ` until ${until.toISOString()}` : ''}`, until);
  } catch (error) {
    return endActivity(draft, step, 'run', { outcome: 'error', reason: `key: ${(error as Error).message}` });
  }
  if (step.heard) return pass(draft, step);
  // Also when it listens already: a retry may have begun after the run had stopped to.
  listen(draft, [step.name]);
};

const MOST_SHOWN = 100;

const shown = (key: string): string => (key.length > MOST_SHOWN ? `${key.slice(0, MOST_SHOWN)}…` : key);

/** What it waited for has come. */
export const pass = (draft: Draft, step: StepRecord): void => {
  closeGate(draft, step);
  endActivity(draft, step, 'run', { outcome: 'success' });
};

/** From now on events that these steps wait for are brought to the run, whether or not their turn has come. */
export const listen = (draft: Draft, names: readonly string[] = draft.flow.steps.map(({ name }) => name)): void => {
  const awaited = awaitedBy(draft.flow, draft.run.event).filter(({ step }) => names.includes(step));
  if (awaited.length > 0) draft.effects.push({ kind: 'listen', awaited });
};

/** The run is over: no event is for it any more. */
export const stopListening = (draft: Draft): void => {
  if (eventWaits(draft.flow).length > 0) draft.effects.push({ kind: 'stop-listening' });
};

/** An event that steps of the run may wait for. One that comes before its step's turn is noted. */
export const applyEvent = (draft: Draft, event: EventContext): void => {
  if (hasBegunBy(draft, event)) return;
  for (const { name, wait } of eventWaits(draft.flow)) {
    const step = draft.run.steps.find((candidate) => candidate.name === name)!;
    if (isFinalStep(step.run.state) || !takesEvent(wait, draft.run.event, event)) continue;
    step.heard ??= { event: event.id, fact: event.fact };
    if (step.run.gate?.kind === 'event') pass(draft, step);
  }
};

/** Why nobody waits any more, when the time for it is over. */
export const lateReason = (draft: Draft, step: StepRecord): string => {
  const { wait } = stepOf(draft.flow, step.name);
  return wait && 'on' in wait ? `no ${wait.on.event.join(' or ')} that fits came in time` : 'nobody approved in time';
};

/** What started the run, each part of its join included, is not what it waits for, whoever tells it once more. */
const hasBegunBy = ({ run: { event: last, events = {} } }: Draft, event: EventContext): boolean =>
  [last, ...Object.values(events)].some(({ fact }) => fact === event.fact);
