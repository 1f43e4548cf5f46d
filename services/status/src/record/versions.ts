import type { RunSnapshot } from '@stellwerk/contracts';
import type { Recording } from './recording.js';
import { comparedTransitions, saidTransitions, type RunChange, type Transitions } from './transitions.js';

/** Ids of the runs of which an event does not say what moved: it has to be compared with what is known. */
export const runsToCompare = (recordings: readonly Recording[]): string[] =>
  [...new Set(recordings.flatMap(({ change }) => (change && !saidTransitions(change) ? [change.run.id] : [])))];

/** Changes of a group in the order of their versions, so that a group that came shuffled is compared as if it had not. */
const inOrder = (recordings: readonly Recording[]): RunChange[] =>
  recordings.flatMap(({ change }) => (change ? [change] : [])).sort((one, other) => one.run.version - other.run.version);

/** What there is to tell of each change of a group; `known`: the versions recorded before it, of the runs to compare. */
export const transitionsOf = (recordings: readonly Recording[], known: ReadonlyMap<string, RunSnapshot>): Map<RunChange, Transitions> => {
  const last = new Map(known);
  const found = new Map<RunChange, Transitions>();
  for (const change of inOrder(recordings)) {
    const before = last.get(change.run.id);
    found.set(change, saidTransitions(change) ?? comparedTransitions(before, change));
    if (!before || before.version < change.run.version) last.set(change.run.id, change.run);
  }
  return found;
};

/** Of each run the newest version only: what came before it in the group is written nowhere but in the timeline. */
export const newestRuns = (recordings: readonly Recording[]): RunSnapshot[] => {
  const newest = new Map<string, RunSnapshot>();
  for (const { run } of inOrder(recordings)) newest.set(run.id, run);
  return [...newest.values()];
};
