import { endActivity } from './activity.js';
import { startFlowClock } from './flow-clock.js';
import { finishRun } from './finish.js';
import { dependentsOf, stepOf } from './graph.js';
import { isActive, isFinalStep, moveRun } from './moves.js';
import type { Draft } from './plan.js';
import type { LastGood, StepRecord } from './run-record.js';
import { newActivity, startAttempt } from './start-work.js';

/** It succeeded, or it may have: something was triggered and did not end as skipped. */
const mayHaveHappened = ({ run }: StepRecord): boolean => {
  if (run.state === 'succeeded' || run.state === 'unknown') return true;
  return run.state !== 'skipped' && run.attempts.some((attempt) => attempt.triggered);
};

/** Starts to undo what was done; a run with nothing to undo has failed. */
export const beginRollback = (draft: Draft, reason: string): void => {
  const { run, flow } = draft;
  const undo = run.steps.filter((step) => stepOf(flow, step.name).rollback && mayHaveHappened(step));
  if (undo.length === 0) return finishRun(draft, 'failed', `${reason}; nothing to roll back`);
  for (const step of undo) step.rollback = newActivity();
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

/** Undoes one step, unless a newer run has deployed there. */
export const undo = (draft: Draft, step: StepRecord): void => {
  const newer = supersededBy(draft, step);
  if (newer !== undefined) endActivity(draft, step, 'rollback', { outcome: 'skipped', reason: `superseded: run ${newer} has deployed there since` });
  else startAttempt(draft, step, 'rollback');
};

const supersededBy = ({ flow, facts }: Draft, step: StepRecord): string | undefined => {
  const { environment } = stepOf(flow, step.name);
  const latest = environment === undefined ? undefined : facts.ledger[environment]?.latest;
  const ours = step.finishedAt ?? step.startedAt;
  return latest && ours !== undefined && Date.parse(latest.at) > Date.parse(ours) ? latest.run : undefined;
};

const end = (draft: Draft): void => {
  const { run } = draft;
  const reason = run.reason ?? 'a step failed';
  const undone = run.steps.filter((step) => step.rollback);
  const notUndone = undone.filter(({ rollback }) => rollback!.state === 'failed' || rollback!.state === 'cancelled');
  const names = notUndone.map((step) => `${step.name} (${step.rollback!.reason ?? step.rollback!.outcome})`).join(', ');
  if (run.cancelled) return finishRun(draft, 'cancelled', `${reason}; cancelled by ${run.cancelled.by} while rolling back${names && `, not undone: ${names}`}`);
  if (notUndone.length > 0) return finishRun(draft, 'failed', `${reason}; not undone: ${names}`);
  if (undone.some(({ rollback }) => rollback!.state === 'succeeded')) return finishRun(draft, 'rolled-back', reason);
  finishRun(draft, 'failed', `${reason}; nothing was rolled back: ${undone.map((step) => `${step.name} ${step.rollback!.reason ?? 'was skipped'}`).join(', ')}`);
};
