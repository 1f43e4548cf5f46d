import { endActivity } from './end-work.js';
import { startFlowClock } from './flow-clock.js';
import { finishRun } from './finish.js';
import { dependentsOf, stepOf } from './graph.js';
import { isActive, isFinalStep, moveRun } from './moves.js';
import type { Draft } from './plan.js';
import type { Activity, LastGood, StepRecord } from './run-record.js';
import { rollbackAnew } from './revive.js';
import { startAttempt } from './start-work.js';

/** It was rolled back, and not done anew since. */
export const isRolledBack = ({ rollback }: StepRecord): boolean => rollback?.state === 'succeeded';

/** It succeeded, or it may have: something was triggered that neither ended as skipped nor was undone since, be it before a retry. */
export const mayHaveHappened = ({ run }: StepRecord): boolean => {
  const there = run.attempts.slice(run.undone);
  if (run.state === 'succeeded') return there.length > 0;
  return there.some(({ triggered, outcome }) => triggered && outcome !== 'skipped');
};

/** Starts to undo what was done; a run with nothing to undo has failed. */
export const beginRollback = (draft: Draft, reason: string): void => {
  const { run, flow } = draft;
  const undo = run.steps.filter((step) => stepOf(flow, step.name).rollback && !isRolledBack(step) && mayHaveHappened(step));
  if (undo.length === 0) return finishRun(draft, 'failed', `${reason}; nothing to roll back`);
  for (const step of undo) step.rollback = rollbackAnew(step);
  run.startedAt ??= draft.facts.now.toISOString();
  run.rollback = { startedAt: draft.facts.now.toISOString(), lastGood: readLastGood(draft) };
  moveRun(run, 'rolling-back');
  run.reason = reason;
  startFlowClock(draft);
  settleRollback(draft);
};

/** Read once: all rollbacks of a run go back to what was good when the first began. */
const readLastGood = ({ facts }: Draft): Record<string, LastGood> =>
  Object.fromEntries(Object.entries(facts.ledger).flatMap(([name, history]) => (history.lastGood ? [[name, history.lastGood]] : [])));

/** Undoes in reverse order of the graph: a step's turn comes when all that depend on it are undone. */
export const settleRollback = (draft: Draft): void => {
  let moved: StepRecord | undefined;
  while ((moved = nextToUndo(draft))) undo(draft, moved);
  // An UNKNOWN that turned out to run while others are undone has an end that belongs to this run.
  if (draft.run.steps.every(({ run, rollback }) => !isActive(run.state) && (!rollback || isFinalStep(rollback.state)))) end(draft);
};

const nextToUndo = ({ run, flow }: Draft): StepRecord | undefined =>
  run.steps.find((step) => step.rollback?.state === 'pending' && dependentsOf(flow, step.name).every((name) => {
    const after = run.steps.find((other) => other.name === name)?.rollback;
    return !after || isFinalStep(after.state);
  }));

/** Undoes one step, unless a newer run has deployed there, or it turned out since that it never ran. */
export const undo = (draft: Draft, step: StepRecord): void => {
  const needless = mayHaveHappened(step) ? supersededBy(draft, step) : 'it never ran';
  if (needless !== undefined) endActivity(draft, step, 'rollback', { outcome: 'skipped', reason: needless });
  else startAttempt(draft, step, 'rollback');
};

/** Why there is nothing of this step to undo any more: another run has deployed there since. */
export const supersededBy = ({ flow, facts }: Draft, step: StepRecord): string | undefined => {
  const { environment } = stepOf(flow, step.name);
  const latest = environment === undefined ? undefined : facts.ledger[environment]?.latest;
  // A step that was skipped after a retry did what it did long before.
  const last = step.run.attempts.findLast(({ triggered }) => triggered);
  const ours = last?.finishedAt ?? last?.startedAt ?? step.finishedAt ?? step.startedAt;
  return latest && ours !== undefined && Date.parse(latest.at) > Date.parse(ours) ? `superseded: run ${latest.run} has deployed there since` : undefined;
};

/** Its platform left it out, which undoes nothing. One that is superseded was not asked for, or never ran. */
const wasSkippedThere = ({ state, attempts }: Activity): boolean => {
  const last = attempts.at(-1);
  return state === 'skipped' && last?.outcome === 'skipped' && last.triggered;
};

const end = (draft: Draft): void => {
  const { run } = draft;
  const reason = run.reason ?? 'a step failed';
  const undone = run.steps.filter((step) => step.rollback);
  const notUndone = undone.filter(({ rollback }) => rollback!.state === 'failed' || rollback!.state === 'cancelled' || wasSkippedThere(rollback!));
  const names = notUndone.map((step) => `${step.name} (${step.rollback!.reason ?? step.rollback!.outcome})`).join(', ');
  if (run.cancelled) return finishRun(draft, 'cancelled', `${reason}; cancelled by ${run.cancelled.by} while rolling back${names && `, not undone: ${names}`}`);
  if (notUndone.length > 0) return finishRun(draft, 'failed', `${reason}; not undone: ${names}`);
  if (undone.some(({ rollback }) => rollback!.state === 'succeeded')) return finishRun(draft, 'rolled-back', reason);
  finishRun(draft, 'failed', `${reason}; nothing was rolled back: ${undone.map((step) => `${step.name} ${step.rollback!.reason ?? 'was skipped'}`).join(', ')}`);
};
