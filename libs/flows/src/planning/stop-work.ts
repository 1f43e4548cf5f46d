import { CANCEL_ACTION, type Command } from '@stellwerk/contracts';
import { giveUp, sendCommand, timerKey, type AttemptRef } from './activity.js';
import type { AttemptRecord } from './attempt-record.js';
import { endActivity, endAttempt, isUndone } from './end-work.js';
import { isActive, isFinalStep } from './moves.js';
import type { Draft } from './plan.js';
import { leaveGate } from './gates/begin-step.js';
import type { StepRecord, Work } from './run-record.js';

export const WORKS: readonly Work[] = ['run', 'rollback'];

/** What a cancel is to end. Of a run that a person named: that very run and what else its command may have started, not the following of it. */
const toCancel = ({ command, run, named }: AttemptRecord): Pick<Command, 'cancels' | 'platformRun'> =>
  (named ? { cancels: named.command, platformRun: named.run } : { cancels: command, platformRun: run?.id });

/** Orders the platform to stop what this attempt started; names the platform's run when we know it. */
export const sendCancel = (draft: Draft, ref: AttemptRef): void => {
  const { step, attempt } = ref;
  const { cancels, platformRun } = toCancel(attempt);
  step.cancels += 1;
  attempt.cancelSent = { runs: [platformRun, attempt.run?.id].filter((id) => id !== undefined) };
  sendCommand(draft, 'cancel', step.cancels, {
    step: step.name, connection: attempt.connection, action: CANCEL_ACTION, with: {}, await: false, cancels, ...(platformRun !== undefined && { platformRun }),
  });
};

/** We ordered the cancellation before we knew the platform's run: now it can be named. */
export const cancelKnown = (draft: Draft, ref: AttemptRef): void => {
  const { cancelSent, run } = ref.attempt;
  if (cancelSent && run && !cancelSent.runs?.includes(run.id)) sendCancel(draft, ref);
};

/** An UNKNOWN that turns out to run while its run is undone. */
export const cancelUndone = (draft: Draft, ref: AttemptRef): void => {
  if (!isUndone(draft, ref.work)) return;
  if (ref.attempt.cancelSent) cancelKnown(draft, ref);
  else sendCancel(draft, ref);
};

/** Stops everything that is going on, at the platforms too, and ends it with that outcome; `unknown`: of which work UNKNOWNs are ended as well. */
export const stopActivities = (draft: Draft, outcome: 'cancelled' | 'timeout', reason: string, unknown: readonly Work[]): void => {
  for (const step of draft.run.steps) {
    for (const work of WORKS) {
      const activity = step[work];
      const stop = activity && (isActive(activity.state) || (activity.state === 'unknown' && unknown.includes(work)));
      if (activity) stopActivity(draft, step, work, { outcome, reason }, stop === true);
    }
  }
};

/** Ends what has not begun, and will not any more. */
export const endPending = (draft: Draft, works: readonly Work[], end: { outcome: 'cancelled' | 'timeout'; reason: string }): void => {
  for (const step of draft.run.steps) {
    for (const work of works) if (step[work]?.state === 'pending') endActivity(draft, step, work, end);
  }
};

const stopActivity = (draft: Draft, step: StepRecord, work: Work, end: { outcome: 'cancelled' | 'timeout'; reason: string }, stop: boolean): void => {
  const activity = step[work]!;
  const attempt = activity.attempts.at(-1);
  if (activity.gate) {
    leaveGate(draft, step, 'cancelled', end.reason);
    endActivity(draft, step, work, end);
  } else if (activity.state === 'waiting') {
    if (attempt) draft.effects.push({ kind: 'clear-timer', key: timerKey({ step, work, activity, attempt }, 'retry') });
    endActivity(draft, step, work, end);
  } else if (attempt && stop && !isFinalStep(attempt.state)) {
    sendCancel(draft, { step, work, activity, attempt });
    // Its command is on the way: it may yet happen, and be there to be undone.
    if (attempt.state === 'triggering') attempt.triggered = true;
    if (attempt.state === 'unknown') giveUp(draft, attempt);
    endAttempt(draft, { step, work, activity, attempt }, { ...end, mayRetry: false });
  }
};
