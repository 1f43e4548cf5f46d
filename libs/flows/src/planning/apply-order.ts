import { FOLLOW_ACTION } from '@stellwerk/contracts';
import { endActivity, endAttempt, giveUp, specOf } from './activity.js';
import { isFinalRun } from './moves.js';
import type { Draft, PlanInput } from './plan.js';
import type { StepRecord, Work } from './run-record.js';
import { nextCommand, repeatAttempt } from './start-work.js';
import { stopActivities } from './stop-work.js';

const refuse = (draft: Draft, detail: string): void => {
  draft.refusal = { detail };
};

/** A person's order: everything running is cancelled at its platform; a second order also ends what `always()` still started. */
export const applyCancel = (draft: Draft, by: string): void => {
  const { run } = draft;
  if (isFinalRun(run.state)) return refuse(draft, `the run is ${run.state} already`);
  const again = run.cancelled !== undefined || run.state === 'rolling-back';
  run.cancelled ??= { by, at: draft.facts.now.toISOString() };
  stopActivities(draft, 'cancelled', `cancelled by ${by}`, ['unknown']);
  if (again) endPending(draft, by);
};

const endPending = (draft: Draft, by: string): void => {
  for (const step of draft.run.steps) {
    for (const work of ['run', 'rollback'] as const) {
      if (step[work]?.state === 'pending') endActivity(draft, step, work, { outcome: 'cancelled', reason: `cancelled by ${by}` });
    }
  }
};

type Resolve = Extract<PlanInput, { kind: 'resolve' }>;

/** A person settles an UNKNOWN: it ran (and is followed), or it did not (and is sent again). */
export const applyResolve = (draft: Draft, order: Resolve): void => {
  const { run } = draft;
  const step = run.steps.find((candidate) => candidate.name === order.step);
  if (!step) return refuse(draft, `the run has no step ${order.step}`);
  if (isFinalRun(run.state)) return refuse(draft, `the run is ${run.state} already`);
  const work = unknownWork(step);
  if (!work) return refuse(draft, `step ${step.name} is ${(step.rollback ?? step.run).state}, not unknown`);
  if (order.ran) follow(draft, step, work, order);
  else repeatAttempt(draft, step, work);
};

const unknownWork = (step: StepRecord): Work | undefined =>
  (['rollback', 'run'] as const).find((work) => step[work]?.state === 'unknown');

const follow = (draft: Draft, step: StepRecord, work: Work, order: Resolve): void => {
  const activity = step[work]!;
  const attempt = activity.attempts.at(-1)!;
  if (!specOf(draft, step.name, work).await) {
    if (order.platformRun !== undefined) attempt.run = { id: order.platformRun };
    giveUp(draft, attempt);
    return endAttempt(draft, { step, work, activity, attempt }, { outcome: 'success', mayRetry: false });
  }
  if (order.platformRun === undefined) return refuse(draft, `step ${step.name} waits for the end of the platform's run: name the run to follow`);
  attempt.follows = true;
  nextCommand(draft, step, work, { action: FOLLOW_ACTION, with: { command: attempt.command, run: order.platformRun }, await: true });
};
