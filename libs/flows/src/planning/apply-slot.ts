import { currentAttempts } from './activity.js';
import { applyCancel } from './apply-order.js';
import { enterEnvironment } from './gates/environment.js';
import { isFinalRun } from './moves.js';
import type { Draft } from './plan.js';
import { undo } from './rollback.js';
import { beginQueued, leaveQueue } from './run-slot.js';
import { isQueued, shownKey } from './slots.js';
import { startAttempt } from './start-work.js';
import { takeStepSlot, waitingWork } from './step-slot.js';

/** The place that the run, or its step, waits for is its own. Whoever waits no more gets nothing. */
export const applySlot = (draft: Draft, name: string | undefined): void => {
  if (name === undefined) return beginQueued(draft);
  const step = draft.run.steps.find((candidate) => candidate.name === name);
  const work = step && waitingWork(step);
  if (!work) return;
  takeStepSlot(draft, step, step.slot!.environment);
  // While it waited the world has gone on: everything that was asked before is asked again.
  if (work === 'rollback') undo(draft, step);
  else if (currentAttempts(step.run).length === 0) enterEnvironment(draft, step);
  else startAttempt(draft, step, work);
};

/** A newer run of the group takes the place of this one. A rollback is never cut short, nor what is being cancelled cancelled twice. */
export const applyMakeRoom = (draft: Draft, newer: string): void => {
  const { run } = draft;
  const group = `group "${shownKey(run.slot?.group ?? '')}"`;
  if (isQueued(run)) leaveQueue(draft, `replaced by run ${newer}, which is newer in ${group}`);
  else if (!isFinalRun(run.state) && run.state !== 'rolling-back' && !run.cancelled) applyCancel(draft, `run ${newer}, which is newer in ${group}`);
};
