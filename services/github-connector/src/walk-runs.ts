import type { Walked } from '@stellwerk/connector-kit';

/** A span of time in which runs were created. */
export interface RunWindow {
  from: Date;
  /** Open without it. */
  until?: Date;
}

export interface RunPage<T> {
  runs: T[];
  /** Of all pages, when the server says. */
  total?: number;
}

/** `round`: how often the window was begun anew. */
export type ReadRunPage<T> = (window: RunWindow, page: number, round: number) => Promise<RunPage<T>>;

export interface RunWalk {
  window: RunWindow;
  /** Pages that may be read. */
  most: number;
  /** The time is over: no run comes in any more, so that a number that changes between two pages means one that was deleted. */
  over?: boolean;
}

/** What a page has at most, as we ask for it. */
const PAGE = 100;
/** What a filtered search shows at most: https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-repository */
const SEARCH_LIMIT = 1_000;
const SECOND_MS = 1_000;

/**
 * Hands out all runs of a time, page by page, until `visit` says that it has seen enough. A bounded window that holds more than a search shows is cut
 * in halves, the older one first. Of a time that is `over`, a window from which a run was deleted meanwhile is begun anew, as its pages have moved up.
 */
export const walkRuns = async <T>(read: ReadRunPage<T>, { window, most, over = false }: RunWalk, visit: (page: readonly T[]) => boolean): Promise<Walked> => {
  const windows = [window];
  let at = { page: 1, seen: 0, round: 0, total: undefined as number | undefined };
  for (let reads = 0; windows.length > 0; reads += 1) {
    if (reads === most) return 'cut';
    const { runs, total } = await read(windows[0]!, at.page, at.round);
    if (over && at.page > 1 && total !== at.total) {
      at = { page: 1, seen: 0, round: at.round + 1, total: undefined };
      continue;
    }
    const halves = at.page === 1 && (total ?? 0) >= SEARCH_LIMIT ? halvesOf(windows[0]!) : [];
    if (halves.length === 0 && visit(runs)) return 'stopped';
    const seen = at.seen + runs.length;
    const more = halves.length === 0 && (total === undefined ? runs.length === PAGE : runs.length > 0 && seen < total);
    if (more && seen >= SEARCH_LIMIT) return 'cut';
    if (!more) windows.splice(0, 1, ...halves);
    at = more ? { ...at, page: at.page + 1, seen, total } : { page: 1, seen: 0, round: 0, total: undefined };
  }
  return 'whole';
};

/** As GitHub's filter `created` has it, in whole seconds, both ends included. */
export const createdIn = ({ from, until }: RunWindow): string => (until ? `${toSecond(from)}..${toSecond(until)}` : `>=${toSecond(from)}`);

const toSecond = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');

/** In whole seconds, to which GitHub keeps these times; none of one second. */
const halvesOf = ({ from, until }: RunWindow): RunWindow[] => {
  const [first, last] = [from, until ?? from].map((time) => Math.floor(time.getTime() / SECOND_MS)) as [number, number];
  if (first >= last) return [];
  const middle = Math.floor((first + last) / 2);
  const span = (start: number, end: number): RunWindow => ({ from: new Date(start * SECOND_MS), until: new Date(end * SECOND_MS) });
  return [span(first, middle), span(middle + 1, last)];
};
