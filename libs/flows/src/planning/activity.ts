import { commandId, type Command, type Outcome, type Purpose } from '@stellwerk/contracts';
import type { Retry, Uses } from '../model.js';
import { stepOf } from './graph.js';
import { moveAttempt, moveWork, stateOfOutcome } from './moves.js';
import type { Draft } from './plan.js';
import { isQueued } from './slots.js';
import type { Activity, AttemptRecord, StepRecord, Work } from './run-record.js';

/** One attempt with everything around it. */
export interface AttemptRef {
  step: StepRecord;
  work: Work;
  activity: Activity;
  attempt: AttemptRecord;
}

/** All attempts of a run, of both kinds of work. */
export const attemptsOf = (draft: Draft): AttemptRef[] =>
  draft.run.steps.flatMap((step) => (['run', 'rollback'] as const).flatMap((work) => {
    const activity = step[work] ?? (work === 'rollback' ? step.rolledBack : undefined);
    return activity?.attempts.map((attempt) => ({ step, work, activity, attempt })) ?? [];
  }));

/** Tries since the work was last ordered to be done anew; the last one is the current one. */
export const currentAttempts = ({ attempts, before = 0 }: Activity): AttemptRecord[] => attempts.slice(before);

/** Work that is to be done anew: its tries and its numbers go on. */
export const anew = ({ state, attempts, sent, undone }: Activity, work: Work): Activity => {
  const next: Activity = { state, attempts, sent, ...(attempts.length > 0 && { before: attempts.length }), ...(undone !== undefined && { undone }) };
  moveWork(next, work, 'pending');
  return next;
};

/** What one kind of a step's work uses. */
export const specOf = (draft: Draft, name: string, work: Work): { uses: Uses; with: Record<string, unknown>; timeoutMs: number; retry: Retry; await: boolean; awaitPipeline?: string } => {
  const step = stepOf(draft.flow, name);
  const spec = work === 'run' ? step : step.rollback;
  if (!spec?.uses) throw new Error(`step ${name} of flow ${draft.flow.name} has no ${work === 'run' ? 'uses' : 'rollback'}`);
  return { uses: spec.uses, with: spec.with, timeoutMs: spec.timeoutMs, retry: spec.retry, await: step.await, awaitPipeline: step.awaitPipeline };
};

/** Name of an attempt's clock within its run. */
export const timerKey = (ref: AttemptRef, kind: 'timeout' | 'retry'): string => `${ref.step.name}:${ref.work}:${ref.attempt.number}:${kind}`;

type CommandParts = Pick<Command, 'step' | 'connection' | 'action' | 'with' | 'await'> & Partial<Pick<Command, 'awaitPipeline' | 'cancels' | 'platformRun'>>;

/** Adds a command to what is to be done; gives its id. */
export const sendCommand = (draft: Draft, purpose: Purpose, n: number, parts: CommandParts): string => {
  const id = commandId(draft.run.id, parts.step, purpose, n);
  const platform = draft.run.connections[parts.connection];
  if (!platform) throw new Error(`connection ${parts.connection} is not known to run ${draft.run.id}`);
  draft.effects.push({ kind: 'command', id, command: { run: draft.run.id, flow: draft.run.flow, purpose, n, platform, ...parts } });
  return id;
};

/** Counts the time of an attempt from now on, once. */
export const startClock = (draft: Draft, ref: AttemptRef): void => {
  const due = new Date(draft.facts.now.getTime() + specOf(draft, ref.step.name, ref.work).timeoutMs);
  const timer = { kind: 'attempt-timeout', step: ref.step.name, work: ref.work, attempt: ref.attempt.number } as const;
  draft.effects.push({ kind: 'set-timer', key: timerKey(ref, 'timeout'), due, timer });
};

/** The platform has it: the attempt runs, and its time counts. */
export const markRunning = (draft: Draft, ref: AttemptRef): void => {
  ref.attempt.triggered = true;
  if (ref.attempt.state === 'running') return;
  moveAttempt(ref.attempt, 'running');
  moveWork(ref.activity, ref.work, 'running');
  delete ref.attempt.reason;
  delete ref.activity.reason;
  startClock(draft, ref);
};

/** Nobody knows whether the platform has it. */
export const markUnknown = (ref: AttemptRef, reason: string | undefined): void => {
  moveAttempt(ref.attempt, 'unknown');
  moveWork(ref.activity, ref.work, 'unknown');
  ref.attempt.triggered = true;
  ref.attempt.reason = ref.activity.reason = reason ?? 'the platform did not say whether it took the command';
};

export interface End {
  outcome: Outcome;
  reason?: string;
  /** False: what the flow says about retries does not apply. */
  mayRetry: boolean;
}

/** A rollback has begun: what is being undone is not started once more. */
export const isUndone = ({ run }: Draft, work: Work): boolean => work === 'run' && run.state === 'rolling-back';

/** Which of the tries that the flow's `retry` speaks of, from 1. */
const tryOf = ({ activity, attempt }: AttemptRef): number => attempt.number - (activity.before ?? 0);

const retriesLeft = (draft: Draft, ref: AttemptRef, end: End): boolean => {
  const { retry } = specOf(draft, ref.step.name, ref.work);
  return end.mayRetry && !draft.run.cancelled && !draft.run.timedOut && !isUndone(draft, ref.work)
    && tryOf(ref) < retry.attempts && retry.on.includes(end.outcome);
};

/** Full jitter: anything up to the exponential step (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). */
const pauseMs = (retry: Retry, attempt: number, random: () => number): number =>
  Math.round(random() * Math.min(retry.maxMs, retry.backoffMs * retry.factor ** (attempt - 1)));

const pauseForRetry = (draft: Draft, ref: AttemptRef): void => {
  const { retry } = specOf(draft, ref.step.name, ref.work);
  const due = new Date(draft.facts.now.getTime() + pauseMs(retry, tryOf(ref), draft.facts.random));
  moveWork(ref.activity, ref.work, 'waiting');
  ref.activity.reason = `attempt ${tryOf(ref)} of ${retry.attempts} ended with ${ref.attempt.outcome}; the next one starts at ${due.toISOString()}`;
  const timer = { kind: 'retry', step: ref.step.name, work: ref.work, attempt: ref.attempt.number } as const;
  draft.effects.push({ kind: 'set-timer', key: timerKey(ref, 'retry'), due, timer });
};

/** The current attempt is sent once more: what it does from now on was never undone. */
export const isNotUndone = (activity: Activity): void => {
  if (activity.undone !== undefined) activity.undone = Math.min(activity.undone, activity.attempts.length - 1);
};

/** What its step needs is done again since: it saw what is not there any more, and must not start before that. */
export const isStale = ({ work, activity, attempt }: AttemptRef): boolean => work === 'run' && attempt.number <= (activity.stale ?? 0);

const wasUndone = ({ work, activity, attempt }: AttemptRef): boolean => work === 'run' && attempt.number <= (activity.undone ?? 0);

/** An UNKNOWN from before the run's rollback, or its retry, is settled at last: however it ended, it was undone, or is stale, and is to be done once more. */
const isDoneAgain = ({ run }: Draft, ref: AttemptRef): boolean =>
  (wasUndone(ref) || isStale(ref)) && run.cancelled === undefined && run.timedOut === undefined && run.state !== 'rolling-back';

/** Its step's turn comes once more. A deployment that was not undone is there until then. */
const doAgain = (draft: Draft, ref: AttemptRef, { outcome }: End): void => {
  if (outcome === 'success' && !wasUndone(ref)) enterLedger(draft, ref.step, ref.work);
  ref.step.run = anew(ref.activity, 'run');
};

/** Ends an attempt; then the step's work pauses for the next one, or ends the same way. */
export const endAttempt = (draft: Draft, ref: AttemptRef, end: End): void => {
  if (ref.attempt.state === 'running') draft.effects.push({ kind: 'clear-timer', key: timerKey(ref, 'timeout') });
  moveAttempt(ref.attempt, stateOfOutcome(end.outcome));
  Object.assign(ref.attempt, { outcome: end.outcome, finishedAt: draft.facts.now.toISOString() });
  if (end.reason === undefined) delete ref.attempt.reason;
  else ref.attempt.reason = end.reason;
  const isRepeated = retriesLeft(draft, ref, end);
  if (isDoneAgain(draft, ref) || (isRepeated && isQueued(draft.run))) doAgain(draft, ref, end);
  else if (isRepeated) pauseForRetry(draft, ref);
  else endActivity(draft, ref.step, ref.work, end);
};

/** Ends a step's work, with or without an attempt behind it. */
export const endActivity = (draft: Draft, step: StepRecord, work: Work, end: Pick<End, 'outcome' | 'reason'>): void => {
  const activity = step[work]!;
  moveWork(activity, work, stateOfOutcome(end.outcome));
  activity.outcome = end.outcome;
  if (end.reason === undefined) delete activity.reason;
  else activity.reason = end.reason;
  if (work === 'run') step.finishedAt = draft.facts.now.toISOString();
  if (end.outcome === 'success') enterLedger(draft, step, work);
};

const enterLedger = (draft: Draft, step: StepRecord, work: Work): void => {
  const { environment } = stepOf(draft.flow, step.name);
  if (environment === undefined) return;
  draft.effects.push(work === 'run' ? { kind: 'ledger-enter', environment, step: step.name } : { kind: 'ledger-revert', step: step.name });
};

/** An UNKNOWN of which nobody waits any more for how it ended. */
export const giveUp = (draft: Draft, attempt: AttemptRecord): void => {
  draft.effects.push({ kind: 'give-up', command: attempt.command });
};
