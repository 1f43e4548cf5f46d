import { list, shape, textUpTo, type ReadBy } from './read.js';

const MAX_PATHS = 3_000;
/** An event must fit a message of the broker (1 MB). */
const MAX_TOTAL = 200_000;
const path = textUpTo(1_024);
const paths = list(path, MAX_PATHS);

export const commits = list(shape({ added: paths, modified: paths, removed: paths }), 2_100);

export type Commits = ReadBy<typeof commits>;

/** The list when it is surely whole; undefined when it is empty, or too long for an event. */
export const wholePaths = (found: readonly string[]): string[] | undefined => {
  const all = [...new Set(found)];
  const total = all.reduce((sum, { length }) => sum + length, 0);
  return all.length > 0 && all.length < MAX_PATHS && total <= MAX_TOTAL ? all : undefined;
};

/** Every file the commits touched. */
export const changedPaths = (pushed: Commits): string[] | undefined =>
  wholePaths(pushed.flatMap(({ added = [], modified = [], removed = [] }) => [...added, ...modified, ...removed]));

/** Git's way of saying "no commit": the branch or tag begins or ends here. */
export const isNoCommit = (sha: string | undefined): boolean => sha !== undefined && /^0+$/.test(sha);
