/** What is told of one job: every build up to a number, but for the ends of those that were still running. Times in ms by the clock of Jenkins. */
export interface JobCursor {
  lastNumber: number;
  /** When the build of that number began: another one of the same number is a build of another job of this name. */
  lastBeganAt?: number;
  /** What ended before is history. */
  since?: number;
  /** Told as started and not yet as finished; in the order in which they are asked for one by one. */
  running: readonly number[];
}

/** The part of a build that decides what is told of it. */
export interface SeenBuild {
  number: number;
  timestamp?: number;
  duration?: number;
  building?: boolean;
  result?: string | null;
}

/** A running pipeline may carry a result already: it is not the last word. */
export const hasEnded = (build: SeenBuild): boolean => typeof build.result === 'string' && build.building !== true;

/** Undefined for one that runs, and where Jenkins does not say when it began. */
export const endOf = (build: SeenBuild): number | undefined =>
  hasEnded(build) && build.timestamp !== undefined ? build.timestamp + Math.max(build.duration ?? 0, 0) : undefined;

/** The job was deleted and made again: the next number, or the build that had the last one, is another than it was. */
export const isRestarted = (cursor: JobCursor, nextNumber: number | undefined, builds: readonly SeenBuild[]): boolean => {
  if (cursor.lastNumber === 0) return false;
  if (nextNumber !== undefined && nextNumber <= cursor.lastNumber) return true;
  const last = builds.find(({ number }) => number === cursor.lastNumber);
  return last?.timestamp !== undefined && cursor.lastBeganAt !== undefined && last.timestamp !== cursor.lastBeganAt;
};

/** Numbers count anew; what ended before the newest build that was known is history all the same. */
export const startOver = ({ lastBeganAt, since }: JobCursor): JobCursor => ({ lastNumber: 0, since: lastBeganAt ?? since, running: [] });

/** The time of an answer may be that of a proxy before Jenkins, by another clock than its builds. */
const CLOCKS_MS = 60_000;

/** A job that was looked for at that time and not there then, so that all of its builds since are news. */
export const cursorSince = (lookedAt: number): JobCursor => ({ lastNumber: 0, since: lookedAt - CLOCKS_MS, running: [] });

/**
 * Where the first look at a job begins: what has ended is history, what runs is news. It stands right below the oldest build that runs;
 * those above it that have ended lie before `since`.
 */
export const firstCursor = (builds: readonly SeenBuild[]): JobCursor => {
  const running = builds.filter((build) => !hasEnded(build)).map(({ number }) => number);
  const ends = builds.map(endOf).filter((end) => end !== undefined);
  const lastNumber = running.length > 0 ? Math.min(...running) - 1 : Math.max(0, ...builds.map(({ number }) => number));
  const lastBeganAt = builds.find(({ number }) => number === lastNumber)?.timestamp;
  return { lastNumber, lastBeganAt, since: ends.length > 0 ? Math.max(...ends) + 1 : undefined, running: [] };
};

/** Whether anything may be new, by what a folder's list says of the job. */
export const mayHaveNews = (cursor: JobCursor | undefined, child: { nextNumber?: number; last?: SeenBuild }): boolean => {
  if (!cursor) return true;
  const newest = Math.max((child.nextNumber ?? 1) - 1, child.last?.number ?? 0);
  return cursor.running.length > 0 || newest > cursor.lastNumber || isRestarted(cursor, child.nextNumber, child.last ? [child.last] : []);
};
