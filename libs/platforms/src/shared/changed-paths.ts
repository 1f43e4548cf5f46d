import { list, shape, textUpTo, type ReadBy } from './read.js';

const MAX_PATHS = 3_000;
const path = textUpTo(1_024);
const paths = list(path, MAX_PATHS);

export const commits = list(shape({ added: paths, modified: paths, removed: paths }), 2_100);

export type Commits = ReadBy<typeof commits>;

/** Every file the commits touched; undefined when the list would be too long to be whole. */
export const changedPaths = (pushed: Commits): string[] | undefined => {
  const all = new Set(pushed.flatMap(({ added = [], modified = [], removed = [] }) => [...added, ...modified, ...removed]));
  return all.size < MAX_PATHS ? [...all] : undefined;
};

/** Git's way of saying "no commit": the branch or tag begins or ends here. */
export const isNoCommit = (sha: string | undefined): boolean => sha !== undefined && /^0+$/.test(sha);
