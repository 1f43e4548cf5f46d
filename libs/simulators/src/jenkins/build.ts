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

export const buildKey = (job: string, number: number): string => `${job}#${number}`;

/** Jenkins takes equal jobs with equal parameters for one as long as they wait. */
export const sameOrder = (item: QueueItem, job: string, parameters: Parameters): boolean =>
  item.job === job && item.build === undefined && !item.cancelled && JSON.stringify(item.parameters) === JSON.stringify(parameters);
