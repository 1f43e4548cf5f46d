import { attemptsOf, currentAttempts } from './activity.js';
import { endAttempt, isUndone } from './end-work.js';
import { isFlowOver, resetFlowClock } from './flow-clock.js';
import { applyGateTimer } from './gates/begin-step.js';
import { isFinalRun } from './moves.js';
import type { Draft, Timer } from './plan.js';
import { undo } from './rollback.js';
import { startAttempt } from './start-work.js';
import { endPending, sendCancel, stopActivities } from './stop-work.js';

/** A clock of the run is over. One that no longer fits (it fired while being cleared) does nothing. */
export const applyTimer = (draft: Draft, timer: Timer): void => {
  if (isFinalRun(draft.run.state)) return;
  switch (timer.kind) {
    case 'flow-timeout':
      return flowIsOver(draft);
    case 'attempt-timeout':
      return attemptIsOver(draft, timer);
    case 'retry':
      return nextTry(draft, timer);
    case 'gate':
      return applyGateTimer(draft, timer);
  }
};

type StepTimer = Extract<Timer, { attempt: number }>;

const attemptIsOver = (draft: Draft, timer: StepTimer): void => {
  const ref = attemptsOf(draft).find(({ step, work, attempt }) => step.name === timer.step && work === timer.work && attempt.number === timer.attempt);
  if (ref?.attempt.state !== 'running') return;
  sendCancel(draft, ref);
  // Whether it was cancelled nobody knows yet, and what a webhook has started cannot be.
  endAttempt(draft, ref, { outcome: 'timeout', reason: 'it took longer than its timeout; its cancel was ordered', mayRetry: true });
};

const nextTry = (draft: Draft, timer: StepTimer): void => {
  if (isUndone(draft, timer.work)) return;
  const step = draft.run.steps.find((candidate) => candidate.name === timer.step);
  const activity = step?.[timer.work];
  if (!step || !activity || activity.gate || currentAttempts(activity).length === 0) return;
  if (activity.state === 'waiting' && activity.attempts.length === timer.attempt) {
    if (timer.work === 'rollback') undo(draft, step);
    else startAttempt(draft, step, timer.work);
  }
};

/** An UNKNOWN stays one: nobody may guess how it ended. */
const flowIsOver = (draft: Draft): void => {
  if (!isFlowOver(draft)) return resetFlowClock(draft);
  if (draft.run.state === 'rolling-back') return rollbackIsOver(draft);
  draft.run.timedOut = true;
  stopActivities(draft, 'timeout', 'the time of the whole run was over', []);
};

/** What is not undone by now is left to people: the run fails, and names it. */
const rollbackIsOver = (draft: Draft): void => {
  const end = { outcome: 'timeout', reason: 'the time of the rollback was over' } as const;
  stopActivities(draft, end.outcome, end.reason, ['rollback']);
  endPending(draft, ['rollback'], end);
};
