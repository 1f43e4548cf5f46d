import type { JobAnswer, Jobs } from '../jobs/jobs.client.js';

/** The platform tells its time in whole seconds, and an answer takes some time. */
const KNOWN_CLOCK_MS = 2_000;
const UNKNOWN_CLOCK_MS = 15_000;

const idOf = ({ id }: JobAnswer): number => Number(id);

/** Jobs that took the place of an earlier one of their name: only a retry makes such. */
const successors = (jobs: readonly JobAnswer[]): JobAnswer[] => {
  const first = new Map<string, number>();
  for (const job of jobs) first.set(job.name ?? '', Math.min(idOf(job), first.get(job.name ?? '') ?? Infinity));
  return jobs.filter((job) => idOf(job) > first.get(job.name ?? '')!);
};

/** When, by the platform's clock, jobs of a pipeline were first run again since a moment of ours; undefined when none was. `jobs`: all that there ever were. */
export const retriedAt = ({ jobs, clockAheadMs }: Jobs, since: Date): string | undefined => {
  const from = since.getTime() + (clockAheadMs === undefined ? -UNKNOWN_CLOCK_MS : clockAheadMs - KNOWN_CLOCK_MS);
  const times = successors(jobs).map(({ created_at: at }) => Date.parse(at ?? '')).filter((at) => at >= from);
  return times.length === 0 ? undefined : new Date(Math.min(...times)).toISOString();
};
