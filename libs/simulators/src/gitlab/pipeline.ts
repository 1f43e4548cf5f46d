import type { PlannedOutcome } from '../kit/outcomes.js';

export interface PipelineVariable {
  key: string;
  value: string;
  variable_type: string;
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
}

export const ENDED = ['success', 'failed', 'canceled', 'skipped'];

export const hasEnded = (pipeline: Pipeline): boolean => ENDED.includes(pipeline.status);

/** Seconds between two moments; null when one is missing. */
export const secondsBetween = (from: string | null, to: string | null): number | null =>
  from === null || to === null ? null : Math.round((Date.parse(to) - Date.parse(from)) / 10) / 100;
