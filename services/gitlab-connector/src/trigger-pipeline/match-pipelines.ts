import type { PipelineAnswer } from '../gitlab.client.js';

export interface Candidate {
  pipeline: PipelineAnswer;
  /** Our variable on it, as far as we may see. */
  variable: { value?: string } | 'unreadable';
  claimed: boolean;
}

export type Matched = { kind: 'found'; pipeline: PipelineAnswer } | { kind: 'absent' } | { kind: 'cannot'; reason: string };

/**
 * Which of the pipelines listed since the call is ours. With the carrier sent, a pipeline whose variables are readable is ours exactly
 * when they say so; without it only a sole, unclaimed one is taken.
 */
export const matchPipelines = (candidates: readonly Candidate[], sought: { commandId: string; carrier: boolean }): Matched => {
  const exact = candidates.find(({ variable }) => variable !== 'unreadable' && variable.value === sought.commandId);
  if (exact) return { kind: 'found', pipeline: exact.pipeline };
  const possible = candidates.filter(({ variable, claimed }) => !claimed && (variable === 'unreadable' || (variable.value === undefined && !sought.carrier)));
  if (possible.length === 0) return { kind: 'absent' };
  if (possible.length === 1) return { kind: 'found', pipeline: possible[0]!.pipeline };
  return { kind: 'cannot', reason: `${possible.length} pipelines of that ref could be this one, and none shows our id` };
};
