import { MAX_RUN_OUTPUTS_BYTES, sizeOfOutputs, type ReadOutputs } from '@stellwerk/contracts';
import { attemptsOf, type AttemptRef } from './activity.js';
import type { Draft } from './plan.js';

const notKept = (draft: Draft, { step }: AttemptRef, why: string): void => {
  const note = `outputs of step ${step.name} were left out: ${why}`;
  if (!draft.run.notes.includes(note)) draft.run.notes.push(note);
};

const sizeOfOthers = (draft: Draft, { attempt }: AttemptRef): number =>
  attemptsOf(draft).reduce((sum, other) => sum + (other.attempt === attempt || !other.attempt.outputs ? 0 : sizeOfOutputs(other.attempt.outputs)), 0);

/** Keeps outputs on the attempt in place of those it has; what is left out is said on the run. */
export const keepOutputs = (draft: Draft, ref: AttemptRef, { outputs, leftOut }: ReadOutputs): void => {
  if (leftOut !== undefined) notKept(draft, ref, leftOut);
  if (!outputs) return;
  const bytes = sizeOfOthers(draft, ref) + sizeOfOutputs(outputs);
  if (bytes <= MAX_RUN_OUTPUTS_BYTES) ref.attempt.outputs = outputs;
  else notKept(draft, ref, `all outputs of the run would have ${bytes} bytes, expected at most ${MAX_RUN_OUTPUTS_BYTES}`);
};
