import { FOLLOW_ACTION } from '@stellwerk/contracts';
import { attemptsOf, giveUp, specOf, type AttemptRef } from './activity.js';
import { endAttempt, isNotUndone, isStale, isUndone } from './end-work.js';
import { isFinalRun, moveAttempt, moveWork } from './moves.js';
import type { Draft, PlanInput } from './plan.js';
import type { StepRecord, Work } from './run-record.js';
import { supersededBy } from './rollback.js';
import { leaveQueue } from './run-slot.js';
import { isQueued } from './slots.js';
import { nextCommand, repeatAttempt } from './start-work.js';
import { lacksPlace } from './step-slot.js';
import { WORKS, endPending, stopActivities } from './stop-work.js';

const refuse = (draft: Draft, detail: string): void => {
  draft.refusal = { detail };
};

/** A person's order: everything running is cancelled at its platform; a second order also ends what `always()` still started. */
export const applyCancel = (draft: Draft, by: string): void => {
  const { run } = draft;
  if (isFinalRun(run.state)) return refuse(draft, `the run is ${run.state} already`);
  const again = run.cancelled !== undefined || run.state === 'rolling-back';
  run.cancelled ??= { by, at: draft.facts.now.toISOString() };
  const end = { outcome: 'cancelled', reason: `cancelled by ${by}` } as const;
  if (isQueued(run)) return leaveQueue(draft, end.reason, WORKS);
  stopActivities(draft, end.outcome, end.reason, WORKS);
  if (again) endPending(draft, WORKS, end);
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
  if (order.ran) return follow(draft, step, work, order);
  const ref = { step, work, activity: step[work]!, attempt: step[work]!.attempts.at(-1)! };
  // What is being undone is not started once more, and what has lost its turn by a retry not before it comes again.
  const newer = newerThanUndone(draft, step, work);
  if (newer !== undefined) leaveUnsent(draft, ref, newer);
  else if (isUndone(draft, work)) leaveUnsent(draft, ref, `${order.by} said that it never ran, and the run is rolling back`);
  else if (hasLostItsTurn(draft, ref)) {
    ref.activity.stale = ref.activity.attempts.length;
    leaveUnsent(draft, ref, `${order.by} said that it never ran`);
  } else repeatAttempt(draft, step, work);
};

/** Why a rollback has nothing to undo any more. */
const newerThanUndone = (draft: Draft, step: StepRecord, work: Work): string | undefined => (work === 'rollback' ? supersededBy(draft, step) : undefined);

/** What it needs is done again, or the places of the run were given back when it had ended. */
const hasLostItsTurn = (draft: Draft, ref: AttemptRef): boolean =>
  ref.work === 'run' && (isStale(ref) || isQueued(draft.run) || (draft.run.retried !== undefined && lacksPlace(draft, ref.step)));

const leaveUnsent = (draft: Draft, ref: AttemptRef, reason: string): void => {
  giveUp(draft, ref.attempt);
  ref.attempt.triggered = false;
  endAttempt(draft, ref, { outcome: 'skipped', reason, mayRetry: false });
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
  // After a run that was not found the last command is no start, but the one that looked for it.
  const command = attempt.follows ? (attempt.named?.command ?? attempt.commands[0]!) : attempt.command;
  attempt.follows = true;
  attempt.named = { command, run: order.platformRun };
  nextCommand(draft, step, work, { action: FOLLOW_ACTION, with: { ...attempt.named }, await: true });
};

/**
 * A command that was given up is to be sent once more under its own id. Only one of which nobody knows what became of it may: from then on
 * its answer is awaited again, and nobody can settle it meanwhile.
 */
export const applyResend = (draft: Draft, command: string): void => {
  const ref = attemptsOf(draft).find(({ attempt }) => attempt.commands.includes(command));
  if (!ref) return refuse(draft, `the run knows no command ${command}`);
  const { step, work, activity, attempt } = ref;
  if (attempt.command !== command) return refuse(draft, `step ${step.name} was settled by a person: ${attempt.command} took the place of ${command}`);
  // The step first: that it is settled says more than that its run has ended since.
  if (attempt.state !== 'triggering' && attempt.state !== 'unknown') return refuse(draft, `step ${step.name} is ${attempt.state} already`);
  if (isFinalRun(draft.run.state)) return refuse(draft, `the run is ${draft.run.state} already`);
  // Ordered before, and not known to have been sent.
  if (attempt.state === 'triggering') return;
  const newer = newerThanUndone(draft, step, work);
  if (newer !== undefined) return refuse(draft, `${newer}: what it deployed is not there to be undone`);
  if (isUndone(draft, work)) return refuse(draft, `the run is rolling back: step ${step.name} is not started once more`);
  if (hasLostItsTurn(draft, ref)) return refuse(draft, `step ${step.name} would start out of its turn: say whether it ran, then it goes on as its needs and its environment let it`);
  isNotUndone(activity);
  moveAttempt(attempt, 'triggering');
  moveWork(activity, work, 'triggering');
  for (const one of [attempt, activity]) delete one.reason;
};
