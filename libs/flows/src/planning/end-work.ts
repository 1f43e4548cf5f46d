import type { Outcome } from '@stellwerk/contracts';
import type { Retry } from '../model.js';
import { anew, specOf, timerKey, type AttemptRef } from './activity.js';
import { stepOf } from './graph.js';
import { moveAttempt, moveWork, stateOfOutcome } from './moves.js';
import type { Draft } from './plan.js';
import type { Activity, StepRecord, Work } from './run-record.js';
import { isQueued } from './slots.js';

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
  return end.mayRetry && !draft.run.cancelled && !(ref.work === 'run' && draft.run.timedOut) && !isUndone(draft, ref.work)
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
