import { currentAttempt, type GithubRun } from './github-run.js';

const SEARCH_LIMIT = 1000;

/** The filters of `GET …/actions/runs`, newest run first; a filtered search shows at most 1,000 runs, and looks no further. */
export const filterRuns = (runs: Iterable<GithubRun>, query: URLSearchParams, shows: (run: GithubRun) => boolean): GithubRun[] => {
  const { actor, branch, event, head_sha: sha, status, created, check_suite_id: suite } = Object.fromEntries(query);
  const within = created === undefined ? () => true : createdFilter(created);
  const since = created === undefined ? -Infinity : sinceOf(created);
  const filtered = [actor, branch, event, sha, status, created, suite].some((filter) => filter !== undefined);
  const found: GithubRun[] = [];
  for (const run of runs) {
    if (seconds(run.createdAt) < since || (filtered && found.length === SEARCH_LIMIT)) break;
    const fitting =
      shows(run) &&
      fits(run.actor, actor) &&
      fits(run.branch, branch) &&
      fits(run.event, event) &&
      fits(run.sha, sha) &&
      fits(String(run.id + 1), suite) &&
      (status === undefined || status === currentAttempt(run).status || status === currentAttempt(run).conclusion) &&
      within(run.createdAt);
    if (fitting) found.push(run);
  }
  return found;
};

/** No run that is older fits. */
const sinceOf = (created: string): number => {
  const bottom = /^>=?(.+)$/.exec(created)?.[1] ?? /^(.+)\.\./.exec(created)?.[1];
  return bottom === undefined || bottom === '*' ? -Infinity : seconds(bottom);
};

/** Epoch second after which no run fits; `created` as in the query. */
export const untilOf = (created: string | null): number => {
  const top = /^<=?(.+)$/.exec(created ?? '')?.[1] ?? /\.\.(.+)$/.exec(created ?? '')?.[1];
  return top === undefined || top === '*' ? Infinity : seconds(top);
};

const fits = (value: string, wanted: string | undefined): boolean => wanted === undefined || value === wanted;

/** GitHub's search syntax for dates: `>=T`, `>T`, `<=T`, `<T`, `A..B`, `A..*`, `T`. Times are compared to the second, as GitHub keeps them. */
const createdFilter = (created: string): ((time: string) => boolean) => {
  const range = /^(.+)\.\.(.+)$/.exec(created);
  if (range) return (time) => seconds(time) >= bound(range[1]!, -Infinity) && seconds(time) <= bound(range[2]!, Infinity);
  const compared = /^(>=|<=|>|<)?(.+)$/.exec(created)!;
  const limit = seconds(compared[2]!);
  const exact = (time: string): boolean => (/T/.test(created) ? seconds(time) === limit : time.startsWith(created));
  return (
    {
      '>=': (time: string) => seconds(time) >= limit,
      '<=': (time: string) => seconds(time) <= limit,
      '>': (time: string) => seconds(time) > limit,
      '<': (time: string) => seconds(time) < limit,
    }[compared[1] ?? ''] ?? exact
  );
};

const bound = (text: string, open: number): number => (text === '*' ? open : seconds(text));

/** `+` of a zone arrives as a blank when nobody encoded it. */
export const seconds = (time: string): number => Math.floor(Date.parse(time.replace(' ', '+')) / 1000);
