import { endOf, hasEnded, type JobCursor, type SeenBuild } from './job-cursor.js';

/** What ended longer ago is not told: a flow that starts a day late does more harm than good. */
export const TOLD_WITHIN_MS = 24 * 3_600_000;
/** Builds of a job that are read after an outage. */
export const MOST_BUILDS = 1_000;
/** Builds told in one transaction. */
const BATCH = 100;

export interface Tell<B extends SeenBuild> {
  build: B;
  /** In this order. */
  predicates: readonly ('started' | 'finished')[];
}

export interface Batch<B extends SeenBuild> {
  tells: readonly Tell<B>[];
  /** What holds once they are told. */
  cursor: JobCursor;
}

export interface LookPlan<B extends SeenBuild> {
  batches: readonly Batch<B>[];
  /** Builds since the last look that are not told: too old, or too many. */
  leftOut: number;
}

export interface Look<B extends SeenBuild> {
  cursor: JobCursor;
  /** All that was read, in any order. */
  builds: readonly B[];
  /** Told as running before, and not there any more. */
  gone?: readonly number[];
  /** False when there are more builds than were read. */
  whole: boolean;
  /** Now, by the clock of Jenkins. */
  at: number;
}

const byNumber = (one: SeenBuild, other: SeenBuild): number => one.number - other.number;

const isTooOld = (build: SeenBuild, at: number): boolean => (endOf(build) ?? at) < at - TOLD_WITHIN_MS;
const isHistory = (build: SeenBuild, cursor: JobCursor): boolean => (endOf(build) ?? Infinity) < (cursor.since ?? -Infinity);

/** Numbers between the cursor and the oldest build read, when reading ended before it came to the cursor. */
const unread = ({ cursor, whole }: Look<SeenBuild>, fresh: readonly SeenBuild[]): number =>
  whole || fresh.length === 0 || cursor.lastNumber === 0 ? 0 : fresh[0]!.number - cursor.lastNumber - 1;

/** What a look has to tell, oldest first, in portions that each leave the cursor where nothing is told twice and nothing is left behind. */
export const planLook = <B extends SeenBuild>(look: Look<B>): LookPlan<B> => {
  const { cursor, builds, at, gone = [] } = look;
  const ended = builds.filter((build) => cursor.running.includes(build.number) && hasEnded(build)).sort(byNumber);
  const fresh = builds.filter(({ number }) => number > cursor.lastNumber).sort(byNumber);
  const news = fresh.filter((build) => !isHistory(build, cursor));
  const told = news.filter((build) => !isTooOld(build, at));
  const tells: Tell<B>[] = [
    ...ended.map((build) => ({ build, predicates: ['finished' as const] })),
    ...told.map((build) => ({ build, predicates: hasEnded(build) ? (['started', 'finished'] as const) : (['started'] as const) })),
  ];
  const before = gone.length > 0 ? { ...cursor, running: cursor.running.filter((number) => !gone.includes(number)) } : cursor;
  const batches = inBatches(tells, before, fresh.at(-1));
  // Builds that are gone have no end to be told, and are asked for no more.
  if (batches.length === 0 && before !== cursor) batches.push({ tells: [], cursor: before });
  return { batches, leftOut: news.length - told.length + unread(look, fresh) };
};

const inBatches = <B extends SeenBuild>(tells: readonly Tell<B>[], before: JobCursor, newest: B | undefined): Batch<B>[] => {
  const batches: Batch<B>[] = [];
  let cursor = before;
  for (let from = 0; from < tells.length; from += BATCH) {
    const part = tells.slice(from, from + BATCH);
    cursor = part.reduce(after, cursor);
    batches.push({ tells: part, cursor });
  }
  const last = newest && newest.number > cursor.lastNumber ? movedTo(cursor, newest) : cursor;
  if (batches.length > 0) batches[batches.length - 1]!.cursor = last;
  else if (last !== before) batches.push({ tells: [], cursor: last });
  return batches;
};

const movedTo = (cursor: JobCursor, build: SeenBuild): JobCursor => ({ ...cursor, lastNumber: build.number, lastBeganAt: build.timestamp });

const after = (cursor: JobCursor, { build, predicates }: Tell<SeenBuild>): JobCursor => {
  const running = cursor.running.filter((number) => number !== build.number);
  const moved = build.number > cursor.lastNumber ? movedTo(cursor, build) : cursor;
  return { ...moved, running: predicates.includes('finished') ? running : [...running, build.number] };
};
