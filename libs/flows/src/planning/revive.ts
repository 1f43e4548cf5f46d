import { anew } from './activity.js';
import { isFinalRun } from './moves.js';
import type { Draft } from './plan.js';
import type { Activity, StepRecord } from './run-record.js';
import { newActivity } from './start-work.js';

/** A run that has ended goes on: what ended it counts no more. Its next state is for the caller to set. */
export const revive = (draft: Draft): void => {
  const { run } = draft;
  if (isFinalRun(run.state)) draft.revived = true;
  delete run.finishedAt;
  delete run.reason;
  delete run.cancelled;
  delete run.timedOut;
};

/** A rollback that is about to be decided; the numbers of the one before go on. */
export const rollbackAnew = ({ rollback, rolledBack }: StepRecord): Activity => {
  const before = rollback ?? rolledBack;
  return before ? anew(before, 'rollback') : newActivity();
};

/** The rollback of before is history: what it undid is not there any more. */
export const putRollbackAside = (step: StepRecord): void => {
  if (!step.rollback) return;
  if (step.rollback.state === 'succeeded') step.run.undone = step.run.attempts.length;
  step.rolledBack = step.rollback;
  delete step.rollback;
};
