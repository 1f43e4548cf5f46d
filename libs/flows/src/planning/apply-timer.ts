import { attemptsOf, endAttempt, isUndone } from './activity.js';
import { isFinalRun } from './moves.js';
import type { Draft, Timer } from './plan.js';
import { startAttempt } from './start-work.js';
import { endPending, sendCancel, stopActivities } from './stop-work.js';

export const FLOW_TIMER = 'flow:timeout';

/** The time of the whole run counts from now on: at its start, and once more when its rollback begins. */
export const startFlowClock = ({ flow, facts, effects }: Draft): void => {
  effects.push({ kind: 'set-timer', key: FLOW_TIMER, due: new Date(facts.now.getTime() + flow.timeoutMs), timer: { kind: 'flow-timeout' } });
};

/** A clock of the run is over. One that no longer fits (it fired while being cleared) does nothing. */
export const applyTimer = (draft: Draft, timer: Timer): void => {
  if (isFinalRun(draft.run.state)) return;
  if (timer.kind === 'flow-timeout') flowIsOver(draft);
  else if (timer.kind === 'attempt-timeout') attemptIsOver(draft, timer);
  else nextTry(draft, timer);
};

type StepTimer = Exclude<Timer, { kind: 'flow-timeout' }>;

const attemptIsOver = (draft: Draft, timer: StepTimer): void => {
  const ref = attemptsOf(draft).find(({ step, work, attempt }) => step.name === timer.step && work === timer.work && attempt.number === timer.attempt);
  if (ref?.attempt.state !== 'running') return;
  sendCancel(draft, ref);
  endAttempt(draft, ref, { outcome: 'timeout', reason: 'it took longer than its timeout and was cancelled at the platform', mayRetry: true });
};

const nextTry = (draft: Draft, timer: StepTimer): void => {
  if (isUndone(draft, timer.work)) return;
  const step = draft.run.steps.find((candidate) => candidate.name === timer.step);
  const activity = step?.[timer.work];
  if (step && activity?.state === 'waiting' && activity.attempts.length === timer.attempt) startAttempt(draft, step, timer.work);
};

/** An UNKNOWN stays one: nobody may guess how it ended. */
const flowIsOver = (draft: Draft): void => {
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
