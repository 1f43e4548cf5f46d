import { evaluateCondition, usesStatusFunction } from '../expressions/evaluate.js';
import { currentAttempts } from './activity.js';
import { endActivity } from './end-work.js';
import { keepFlowClock } from './flow-clock.js';
import { beginStep, leaveGate } from './gates/begin-step.js';
import { ancestorsOf, stepOf } from './graph.js';
import { isActive, isFinalRun, moveRun } from './moves.js';
import type { Draft } from './plan.js';
import { beginRollback, settleRollback } from './rollback.js';
import type { StepRecord } from './run-record.js';
import { isQueued } from './slots.js';
import { needsEnded, stepScope } from './scope.js';
import { finishRun } from './finish.js';

/** After anything happened: starts and skips steps until nothing more follows, then ends the run if it is at its end. */
export const settle = (draft: Draft): void => {
  if (isFinalRun(draft.run.state) || isQueued(draft.run)) return;
  if (draft.run.state === 'rolling-back') return settleRollback(draft);
  startWhatMay(draft);
  while (dropGates(draft)) startWhatMay(draft);
  if (isAtEnd(draft)) return end(draft);
  showState(draft);
  keepFlowClock(draft);
};

const startWhatMay = (draft: Draft): void => {
  while (unstarted(draft).some((step) => advanceStep(draft, step)) || leaveStuck(draft));
};

/** True when a step was left out because what it needs is unknown, and nothing else can come. */
const leaveStuck = (draft: Draft): boolean => {
  const stuck = isStuck(draft) ? pending(draft).find(({ name }) => !needsEnded(draft, name)) : undefined;
  return stuck !== undefined && skip(draft, stuck, 'what it needs is unknown');
};

/** Once a step has failed, nobody is asked any more, and nothing is waited for; but for what the flow does then. True when there was something. */
const dropGates = (draft: Draft): boolean => {
  if (!isHalted(draft)) return false;
  const open = draft.run.steps.filter(({ name, run }) => run.gate && !decidesItself(draft, name));
  for (const step of open) {
    const reason = 'a step failed meanwhile';
    leaveGate(draft, step, 'cancelled', reason);
    endActivity(draft, step, 'run', { outcome: 'cancelled', reason });
  }
  return open.length > 0;
};

const pending = ({ run }: Draft): StepRecord[] => run.steps.filter((step) => step.run.state === 'pending');

/** Also those in the line before their environment: a failure or the end of the run takes them out of it. */
const unstarted = ({ run }: Draft): StepRecord[] =>
  run.steps.filter(({ run: work }) => work.state === 'pending' || (work.state === 'waiting' && currentAttempts(work).length === 0 && !work.gate));

/** The step that made the run fail, if one did. One that was cancelled at its platform did not do its work either; one that had only waited is no cause. */
const culprit = ({ run: { steps } }: Draft): StepRecord | undefined =>
  steps.find(({ run }) => run.state === 'failed') ?? steps.find(({ run }) => run.state === 'cancelled' && currentAttempts(run).length > 0);

/** Somebody, or the clock, ended the run as a whole. */
const isBroken = ({ run }: Draft): boolean => run.cancelled !== undefined || run.timedOut === true;

const isHalted = (draft: Draft): boolean => isBroken(draft) || (draft.flow.onFailure !== 'continue' && culprit(draft) !== undefined);

/** Its `if` lets it start, and go on waiting, after a failure. */
const decidesItself = ({ flow }: Draft, name: string): boolean => {
  const { if: condition } = stepOf(flow, name);
  return condition !== undefined && usesStatusFunction(condition);
};

/** True when the step moved. */
const advanceStep = (draft: Draft, step: StepRecord): boolean => {
  const { if: condition } = stepOf(draft.flow, step.name);
  const decides = decidesItself(draft, step.name);
  if (isBroken(draft) && !decides) return leaveOut(draft, step);
  // Also when it will be skipped: a condition behind it must not depend on which of its needs ended first.
  if (!needsEnded(draft, step.name)) return false;
  if (isHalted(draft) && !decides) return leaveOut(draft, step);
  if (step.run.state === 'waiting') return false;
  const bad = decides ? undefined : badNeed(draft, step.name);
  if (bad !== undefined) return skip(draft, step, bad);
  return start(draft, step, condition);
};

const leaveOut = (draft: Draft, step: StepRecord): boolean => {
  if (!draft.run.cancelled) return skip(draft, step, draft.run.timedOut ? 'the time of the run was over' : 'a step before it failed');
  endActivity(draft, step, 'run', { outcome: 'cancelled', reason: `cancelled by ${draft.run.cancelled.by}` });
  return true;
};

const skip = (draft: Draft, step: StepRecord, reason: string): boolean => {
  endActivity(draft, step, 'run', { outcome: 'skipped', reason });
  return true;
};

const badNeed = ({ run, flow }: Draft, name: string): string | undefined => {
  const bad = stepOf(flow, name).needs
    .map((need) => run.steps.find((step) => step.name === need)!)
    .find((step) => step.run.state !== 'succeeded');
  if (bad) return `${bad.name}, which it needs, is ${bad.run.state}`;
  // Also behind one that started all the same: `success()` says the same.
  const behind = [...ancestorsOf(flow, name)].map((other) => run.steps.find((step) => step.name === other)!).find((step) => ['failed', 'cancelled'].includes(step.run.state));
  return behind && `${behind.name}, on which it depends, is ${behind.run.state}`;
};

/** Why a step is skipped whose `if` said no. */
export const CONDITION_FALSE = 'its condition is false';

const start = (draft: Draft, step: StepRecord, condition: string | undefined): boolean => {
  try {
    if (condition !== undefined && !evaluateCondition(condition, stepScope(draft, step.name, 'run'))) return skip(draft, step, CONDITION_FALSE);
  } catch (error) {
    endActivity(draft, step, 'run', { outcome: 'error', reason: `if: ${(error as Error).message}` });
    return true;
  }
  beginStep(draft, step);
  return true;
};

const some = ({ run }: Draft, test: (step: StepRecord) => boolean): boolean => run.steps.some(test);

/** Something goes on that will end by itself. */
const isBusy = (draft: Draft): boolean => some(draft, ({ run }) => isActive(run.state) || run.state === 'waiting');

const hasUnknown = (draft: Draft): boolean => some(draft, ({ run }) => run.state === 'unknown');

/** Nothing goes on, and nobody waits for an UNKNOWN any more: what needs it will never start. */
const isStuck = (draft: Draft): boolean => isHalted(draft) && !isBusy(draft) && hasUnknown(draft);

const isAtEnd = (draft: Draft): boolean =>
  !isBusy(draft) && pending(draft).length === 0 && (isHalted(draft) || !hasUnknown(draft));

const end = (draft: Draft): void => {
  const { run, flow } = draft;
  if (run.cancelled) return finishRun(draft, 'cancelled', `cancelled by ${run.cancelled.by}`);
  const reason = failure(draft);
  if (reason === undefined) return finishRun(draft, 'succeeded');
  if (flow.onFailure === 'rollback') beginRollback(draft, reason);
  else finishRun(draft, 'failed', reason);
};

const failure = (draft: Draft): string | undefined => {
  if (draft.run.timedOut) return `timed out after ${duration(draft.flow.timeoutMs)}`;
  const step = culprit(draft);
  if (!step) return undefined;
  const what = step.run.state === 'cancelled' ? 'was cancelled' : `failed (${step.run.outcome})`;
  return `step ${step.name} ${what}${step.run.reason === undefined ? '' : `: ${step.run.reason}`}`;
};

const duration = (ms: number): string => (ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`);

const showState = (draft: Draft): void => {
  const { run } = draft;
  const busy = some(draft, (step) => isActive(step.run.state));
  moveRun(run, busy ? 'running' : 'waiting');
  run.startedAt ??= draft.facts.now.toISOString();
  const waiting = run.steps.find((step) => ['unknown', 'waiting'].includes(step.run.state));
  if (busy || !waiting) delete run.reason;
  else run.reason = `step ${waiting.name} is ${waiting.run.state}: ${waiting.run.reason ?? ''}`;
};
