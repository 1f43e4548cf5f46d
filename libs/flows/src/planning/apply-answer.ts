import { readOutputs } from '@stellwerk/contracts';
import type { AttemptRecord } from './attempt-record.js';
import type { PlanInput, Draft, TriggerAnswer } from './plan.js';
import { attemptsOf, markRunning, markUnknown, owns, specOf, type AttemptRef } from './activity.js';
import { applyAside } from './apply-platform-run.js';
import { endAttempt } from './end-work.js';
import { bareAnswer } from './history/pack.js';
import { isFinalRun, isFinalStep } from './moves.js';
import { keepOutputs } from './outputs.js';
import { answerReport } from './report.js';
import { cancelKnown, cancelUndone } from './stop-work.js';

type Answer = Extract<PlanInput, { kind: 'accepted' | 'rejected' | 'unknown' }>;

/** What the connector said about a command. */
export const applyAnswer = (draft: Draft, { kind, result }: Answer): void => {
  if (answerReport(draft, result.command)) return;
  const ref = attemptsOf(draft).find(({ attempt }) => attempt.commands.includes(result.command));
  if (!ref) return;
  if (isFinalRun(draft.run.state)) keepForRetry(ref, kind, result);
  if (kind === 'accepted') accept(draft, ref, result);
  else if (!isFinalRun(draft.run.state) && ref.attempt.command === result.command) decline(draft, ref, kind, result);
};

/** Its connector says it once: a retry of the run must not wait for it for ever. */
const keepForRetry = ({ attempt }: AttemptRef, kind: Answer['kind'], result: TriggerAnswer): void => {
  if (kind === 'unknown' || attempt.state !== 'unknown' || attempt.command !== result.command) return;
  if (kind === 'rejected' && !attempt.follows) neverRan(attempt);
  attempt.late = { kind, result: bareAnswer(result) };
};

/** The run goes on: what was answered after its end counts now. */
export const applyLateAnswers = (draft: Draft): void => {
  for (const { attempt } of attemptsOf(draft)) {
    const { late } = attempt;
    delete attempt.late;
    if (late && attempt.state === 'unknown') applyAnswer(draft, late);
  }
};

/** Why the command that counts has no answer yet. What comes after its answer says nothing any more. */
export const applyDelay = (draft: Draft, { command, reason }: TriggerAnswer): void => {
  const ref = attemptsOf(draft).find(({ attempt }) => attempt.command === command);
  if (ref?.attempt.state !== 'triggering' || reason === undefined || isFinalRun(draft.run.state)) return;
  ref.attempt.reason = ref.activity.reason = reason;
};

/** The answer to an earlier command of the attempt counts only while the last one merely follows it. */
const counts = ({ attempt }: AttemptRef, { command }: TriggerAnswer): boolean => attempt.command === command || (attempt.follows === true && owns(attempt, command));

const adopt = (ref: AttemptRef, result: TriggerAnswer): void => {
  const { attempt } = ref;
  const isLast = attempt.command === result.command;
  attempt.triggered = true;
  // The run that a person named is the one to follow, whichever the command before it turns out to have started.
  const key = (isLast ? result.platformRunKey : undefined) ?? attempt.key ?? result.platformRunKey;
  // What was heard of another one that carries the same id says nothing of it.
  if (attempt.key !== undefined && attempt.key !== key) attempt.rank = -1;
  attempt.key = key;
  if (!result.platformRun || (attempt.run && !isLast)) return;
  const { id, url, attempt: number } = result.platformRun;
  attempt.platformAttempt = (isLast ? number : undefined) ?? attempt.platformAttempt ?? number;
  attempt.run = { ...(attempt.run?.id === id && attempt.run), id, ...(url !== undefined && { url }) };
};

const accept = (draft: Draft, ref: AttemptRef, result: TriggerAnswer): void => {
  if (!counts(ref, result)) return;
  const late = isFinalStep(ref.attempt.state) || isFinalRun(draft.run.state);
  adopt(ref, result);
  delete ref.attempt.aside;
  // Of a run that has called back with outputs those count, whichever of the two comes first.
  if (!ref.attempt.outputs) keepOutputs(draft, ref, { leftOut: result.reason, ...readOutputs(result.outputs) });
  if (late) return cancelKnown(draft, ref);
  if (endsAtAccepted(draft, ref, result)) return endAttempt(draft, ref, { outcome: 'success', mayRetry: false });
  markRunning(draft, ref);
  cancelUndone(draft, ref);
};

const endsAtAccepted = (draft: Draft, ref: AttemptRef, result: TriggerAnswer): boolean => {
  if (!specOf(draft, ref.step.name, ref.work).await) return true;
  return !(result.followed ?? result.platformRunKey !== undefined);
};

/** Nothing of it is there to be undone, whatever was thought before. */
const neverRan = (attempt: AttemptRecord): void => {
  if (attempt.key === undefined && !attempt.run) attempt.triggered = false;
};

const decline = (draft: Draft, ref: AttemptRef, kind: 'rejected' | 'unknown', result: TriggerAnswer): void => {
  const { state, follows } = ref.attempt;
  // A person named a run that cannot be followed: that says nothing about what ran.
  if (kind === 'rejected' && follows) {
    if (state !== 'triggering') return;
    markUnknown(ref, `the run to follow was not found: ${result.reason ?? 'the platform does not know it'}`);
    return applyAside(draft, ref);
  }
  if (kind === 'unknown' && state === 'triggering') markUnknown(ref, result.reason);
  // A refusal is the platform's word: the same command would be refused again.
  if (kind === 'rejected' && (state === 'triggering' || state === 'unknown')) {
    neverRan(ref.attempt);
    endAttempt(draft, ref, { outcome: 'error', reason: result.reason ?? 'the trigger was rejected', mayRetry: result.rejection !== 'refused' });
  }
};
