import { BY_HAND } from '@stellwerk/contracts';
import { anew, currentAttempts } from './activity.js';
import { applyLateAnswers } from './apply-answer.js';
import { begin } from './begin.js';
import { finishRun } from './finish.js';
import { dependentsOf, stepOf } from './graph.js';
import { isFinalRun, moveRun } from './moves.js';
import type { Draft } from './plan.js';
import { claimPlace, prepare } from './prepare.js';
import { putRollbackAside, revive } from './revive.js';
import type { Activity, RunRecord, StepRecord } from './run-record.js';
import { CONDITION_FALSE } from './settle.js';
import { isQueued } from './slots.js';

/** A person's order: the run goes on from its failed steps, in its own revision; what had succeeded, and is still there, is not done again. */
export const applyRetry = (draft: Draft, by: string): void => {
  const { run } = draft;
  if (!isFinalRun(run.state)) return void (draft.refusal = { detail: `the run is ${run.state}: only a run that has ended can be retried` });
  if (run.state === 'succeeded') return void (draft.refusal = { detail: 'the run has succeeded: there is nothing to retry' });
  const names = stepsAgain(draft);
  run.attempt += 1;
  run.retried = { by, at: draft.facts.now.toISOString(), from: run.state === 'cancelled' ? (run.retried?.from ?? run.state) : run.state };
  delete run.rollback;
  revive(draft);
  const neverBegan = run.steps.every((step) => step.run.state === 'pending');
  for (const step of run.steps) {
    putRollbackAside(step);
    if (names.has(step.name)) again(step, stepOf(draft.flow, step.name).needs.some((need) => names.has(need)));
  }
  const fault = neverBegan ? prepare(draft, run.trigger === BY_HAND ? (run.inputs ?? {}) : undefined) : claimPlace(draft);
  moveRun(run, fault === undefined && isQueued(run) ? 'queued' : 'running');
  if (fault !== undefined) return finishRun(draft, 'failed', fault);
  begin(draft);
  applyLateAnswers(draft);
};

/** Keys of the platforms' runs behind UNKNOWN steps: what was told of them after our run's end is to be applied when it goes on. */
export const keysOfUnknown = ({ steps }: RunRecord): string[] =>
  steps.flatMap(({ run }) => (run.state === 'unknown' ? (run.attempts.at(-1)?.key ?? []) : []));

/** Steps that did not succeed, or were rolled back, and all that need them: these saw what is not there any more. */
const stepsAgain = ({ run, flow }: Draft): Set<string> => {
  const open = run.steps.filter((step) => step.run.state !== 'succeeded' || wasTouched(step) || isOutdated(step.run));
  const names = new Set(open.filter((step) => !isLeftOut(step)).flatMap(({ name }) => [name, ...dependentsOf(flow, name)]));
  // A condition is looked at anew, but where work behind it is there, or may be: that must not be started once more for it.
  const isThere = ({ name, run: { state } }: StepRecord): boolean => state === 'unknown' || (state === 'succeeded' && !names.has(name));
  const there = new Set(run.steps.filter(isThere).map(({ name }) => name));
  for (const { name } of open) if (!dependentsOf(flow, name).some((other) => there.has(other))) names.add(name);
  return names;
};

const isLeftOut = ({ run }: StepRecord): boolean => run.state === 'skipped' && run.reason === CONDITION_FALSE;

/** It ended while the run was about to end anyway, and what it needs had been done again since its start. */
const isOutdated = ({ attempts, stale }: Activity): boolean => stale === attempts.length;

/** Its rollback did something, or may have. One that was superseded, or had nothing to return to, did not. */
const wasTouched = ({ rollback }: StepRecord): boolean =>
  rollback !== undefined && (rollback.state === 'succeeded' || currentAttempts(rollback).some(({ triggered }) => triggered));

/** An UNKNOWN is never started once more by this: it stays one, and a person or its platform settles it; then its turn comes again, if its needs' does. */
const again = (step: StepRecord, needsAgain: boolean): void => {
  delete step.finishedAt;
  // What it had waited for was about what is not there any more.
  if (step.run.state === 'succeeded') delete step.heard;
  if (step.run.state !== 'unknown') {
    step.run = anew(step.run, 'run');
    return void delete step.startedAt;
  }
  step.run.before = step.run.attempts.length - 1;
  if (needsAgain) step.run.stale = step.run.attempts.length;
};
