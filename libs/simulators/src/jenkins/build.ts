import type { PlannedOutcome } from '../kit/outcomes.js';

export type Parameters = Record<string, string>;

/** A place in the queue; it stays after the build began, for a while. */
export interface QueueItem {
  id: number;
  job: string;
  parameters: Parameters;
  cause: string;
  since: string;
  cancelled: boolean;
  /** The build it became. */
  build?: number;
  leftAt?: string;
  planned: PlannedOutcome;
  /** Commit that the build checks out, when known. */
  sha?: string;
  branch?: string;
}

export interface Build {
  job: string;
  number: number;
  queueId: number;
  parameters: Parameters;
  cause: string;
  startedAt: string;
  /** Milliseconds; 0 while it runs. */
  duration: number;
  building: boolean;
  result: string | null;
  planned: PlannedOutcome;
  sha?: string;
  branch?: string;
}

/** Counts the numbers of a job. */
export const counterOf = (job: string): string => `build of ${job}`;

export const buildKey = (job: string, number: number): string => `${job}#${number}`;

/** Jenkins takes equal jobs with equal parameters for one as long as they wait. */
export const sameOrder = (item: QueueItem, job: string, parameters: Parameters): boolean =>
  item.job === job && item.build === undefined && !item.cancelled && JSON.stringify(item.parameters) === JSON.stringify(parameters);

/** Builds that have a name instead of a number: the newest for which it is true. */
const NAMED: Record<string, ((build: Build) => boolean) | undefined> = {
  lastBuild: () => true,
  lastCompletedBuild: ({ building }) => !building,
  lastSuccessfulBuild: ({ building, result }) => !building && result === 'SUCCESS',
  lastFailedBuild: ({ building, result }) => !building && result === 'FAILURE',
  lastUnsuccessfulBuild: ({ building, result }) => !building && result !== 'SUCCESS',
};

export const isNamed = (number: string): boolean => Object.hasOwn(NAMED, number);

/** Of builds, newest first, the one of that name. */
export const findNamed = (builds: Iterable<Build>, name: string): Build | undefined => {
  for (const build of builds) if (NAMED[name]?.(build)) return build;
  return undefined;
};
