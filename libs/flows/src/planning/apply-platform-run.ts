import { attemptsOf, markRunning, owns, type AttemptRef } from './activity.js';
import type { AttemptRecord } from './attempt-record.js';
import { endAttempt } from './end-work.js';
import { isFinalRun, isFinalStep } from './moves.js';
import { keepOutputs } from './outputs.js';
import type { Draft, PlatformRunState } from './plan.js';
import { cancelKnown, cancelUndone } from './stop-work.js';

const RANKS: Readonly<Record<PlatformRunState['predicate'], number>> = { queued: 0, started: 1, finished: 2 };

type Progress = Pick<PlatformRunState, 'predicate' | 'attempt' | 'at' | 'jobsFinishedAt'>;

/**
 * True when `next` is further than `known`: a later attempt, else a higher rank, else the same one told with a later time. Of ends after which
 * no job of the run ran again the first one counts: what others said of its commit later is not how it ended.
 */
export const isFurther = (next: Progress, known: Progress | undefined): boolean => {
  if (!known) return true;
  if (next.attempt !== known.attempt) return next.attempt > known.attempt;
  const [rank, knownRank] = [RANKS[next.predicate], RANKS[known.predicate]];
  if (rank !== knownRank) return rank > knownRank;
  const isSameEnd = next.jobsFinishedAt !== undefined && next.jobsFinishedAt === known.jobsFinishedAt;
  return isSameEnd ? Date.parse(next.at) < Date.parse(known.at) : Date.parse(next.at) > Date.parse(known.at);
};

/** What the platform told about one of its runs: moves the attempt that started it, forward only. */
export const applyPlatformRun = (draft: Draft, state: PlatformRunState): void => {
  for (const ref of attemptsOf(draft)) {
    if (concerns(ref, state)) move(draft, ref, state);
  }
};

/** Its own run, once that is known: what a platform's run starts itself may carry the same id of ours, as downstream pipelines and rebuilds do. */
const concerns = ({ attempt }: AttemptRef, state: PlatformRunState): boolean => {
  if (attempt.platformAttempt !== undefined && state.attempt < attempt.platformAttempt) return false;
  if (attempt.key !== undefined) return attempt.key === state.key;
  return state.correlation !== undefined && owns(attempt, state.correlation);
};

const furthest = (known: PlatformRunState | undefined, next: PlatformRunState): PlatformRunState => (isFurther(next, known) ? next : known!);

/** The run that a person named is not there: what was heard of another one meanwhile counts. */
export const applyAside = (draft: Draft, ref: AttemptRef): void => {
  const { aside } = ref.attempt;
  delete ref.attempt.aside;
  if (aside) move(draft, ref, aside);
};

const move = (draft: Draft, ref: AttemptRef, state: PlatformRunState): void => {
  const { attempt } = ref;
  // Which one a person named is known when it is followed; where that is refused, this is what there is.
  if (attempt.key === undefined && attempt.named && attempt.state === 'triggering') return void (attempt.aside = furthest(attempt.aside, state));
  attempt.triggered = true;
  attempt.key ??= state.key;
  if (state.run) attempt.run ??= { ...state.run };
  if (attempt.run && state.run?.url !== undefined) attempt.run.url ??= state.run.url;
  // Late ones are recorded, not applied.
  if (isFinalStep(attempt.state) || isFinalRun(draft.run.state)) return state.predicate === 'finished' ? noteOver(attempt) : cancelKnown(draft, ref);
  if (RANKS[state.predicate] <= attempt.rank) return;
  attempt.rank = RANKS[state.predicate];
  attempt.platformTime = state.at;
  markRunning(draft, ref);
  if (state.predicate !== 'finished') return cancelUndone(draft, ref);
  keepOutputs(draft, ref, { outputs: state.outputs, leftOut: state.outputsLeftOut });
  endAttempt(draft, ref, { outcome: state.outcome ?? 'error', mayRetry: true, ...reasonFor(state) });
};

/** There is nothing to cancel any more: whoever runs it again by hand means it. */
const noteOver = (attempt: AttemptRecord): void => {
  const { cancelSent, run } = attempt;
  if (cancelSent && run) attempt.cancelSent = { runs: [...new Set([...(cancelSent.runs ?? []), run.id])] };
};

const reasonFor = (state: PlatformRunState): { reason?: string } => {
  if (state.outcome === 'success') return {};
  return { reason: `the platform's run ended with ${state.outcome ?? 'no outcome that we know'}` };
};
