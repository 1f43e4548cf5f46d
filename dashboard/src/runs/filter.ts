import type { RunFilter } from '../api/client.js';
import type { Run } from '../api/run.js';

export interface ListFilter extends RunFilter {
  text: string;
}

const wordsOf = (run: Run): string => {
  const { repository, branch, sha, tag, title, actor } = run.event;
  return [run.flow, run.id, repository, branch, sha, tag, title, actor, run.reason].filter(Boolean).join('\n').toLowerCase();
};

/** The runs that fit, newest first. Every word of the text has to be somewhere in the run. */
export const shownRuns = (runs: Iterable<Run>, filter: ListFilter, limit: number): Run[] => {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return [...runs]
    .filter((run) => (!filter.flow || run.flow === filter.flow) && (!filter.state || run.state === filter.state))
    .filter((run) => words.every((word) => wordsOf(run).includes(word)))
    .sort((one, other) => other.createdAt.localeCompare(one.createdAt) || other.id.localeCompare(one.id))
    .slice(0, limit);
};

const KEYS = ['flow', 'state', 'text'] as const;

export const filterOfQuery = (search: string): ListFilter => {
  const query = new URLSearchParams(search);
  return { flow: query.get('flow') ?? '', state: query.get('state') ?? '', text: query.get('text') ?? '' };
};

/** The address of the list with this filter, so that it can be shared and survives a reload. */
export const queryOfFilter = (filter: ListFilter): string => {
  const query = new URLSearchParams(KEYS.filter((key) => filter[key]).map((key) => [key, filter[key]])).toString();
  return query ? `/?${query}` : '/';
};
