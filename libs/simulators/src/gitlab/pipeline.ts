import type { PlannedOutcome } from '../kit/outcomes.js';

export interface PipelineVariable {
  key: string;
  value: string;
  variable_type: string;
}

/** A manual job of a pipeline; played again after its end it is another job. */
export interface ManualJob {
  id: number;
  name: string;
  status: string;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  variables: { key: string; value: string }[];
  /** Another one took its place. */
  retried: boolean;
}

/** What has come of a pipeline's own job in an attempt that was retried. */
export interface FormerJob {
  attempt: number;
  status: string;
  startedAt: string | null;
  finishedAt: string | null;
}

/** A pipeline as the simulator keeps it. A retry keeps the id and counts `attempt` up. */
export interface Pipeline {
  id: number;
  iid: number;
  projectId: number;
  ref: string;
  tag: boolean;
  sha: string;
  source: string;
  status: string;
  name: string | null;
  variables: PipelineVariable[];
  user: string;
  message: string;
  attempt: number;
  /** When this attempt began. */
  begunAt: string;
  createdAt: string;
  updatedAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  planned: PlannedOutcome;
  /** Status of its one job; null: it has none, being made of what others told about the commit (source `external`). */
  work: string | null;
  workStartedAt: string | null;
  workFinishedAt: string | null;
  former: FormerJob[];
  /** Its job is a trigger job, which is not shown. */
  hidden: boolean;
  manual: ManualJob[];
}

export const ENDED = ['success', 'failed', 'canceled', 'skipped'];

export const hasEnded = (pipeline: Pick<Pipeline, 'status'>): boolean => ENDED.includes(pipeline.status);

/**
 * Status of a pipeline from its own job, its manual jobs that were played, and what others told about it. As long as its own job is on,
 * that one's; afterwards it is running again while any other is on, and its end is the worst of all.
 */
export const statusOf = ({ work, manual }: Pick<Pipeline, 'work' | 'manual'>, external: readonly string[]): string => {
  if (work !== null && !ENDED.includes(work)) return work;
  const played = manual.filter(({ status, retried }) => status !== 'manual' && !retried).map(({ status }) => status);
  const all = [...(work === null ? [] : [work]), ...played, ...external];
  if (all.every((status) => status === 'pending')) return 'pending';
  if (all.some((status) => !ENDED.includes(status))) return 'running';
  return ['failed', 'canceled', 'success'].find((status) => all.includes(status)) ?? 'skipped';
};

/** Seconds between two moments; null when one is missing. */
export const secondsBetween = (from: string | null, to: string | null): number | null =>
  from === null || to === null ? null : Math.round((Date.parse(to) - Date.parse(from)) / 10) / 100;
