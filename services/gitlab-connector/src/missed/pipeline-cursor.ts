import type { PipelineAnswer } from '../gitlab.client.js';
import type { Heard } from './heard.repository.js';

/** How far a project's list was read; times are ours, as they are compared with a margin only. */
export interface PipelineCursor {
  /** Whatever changed until then was looked at. */
  readTo: string;
  /** A reading that is not at its end. */
  reading: { from: string; to: string; page: number };
}

/** An outage that is longer is not made up for: a flow that starts a day late helps nobody. */
export const LONGEST_MS = 24 * 3_600_000;
/** Hooks are on their way, and clocks differ. */
const SETTLED_MS = 60_000;
/** `updated_at` is written with the end, or right after it. */
const SAME_MS = 2_000;

/** Which time is read next; `cut`: a part of the gap is too long ago. */
export const nextReading = (readTo: string, now: Date): { from: string; to: string; cut: boolean } => {
  const from = Date.parse(readTo) - SETTLED_MS;
  const oldest = now.getTime() - LONGEST_MS;
  return { from: new Date(Math.max(from, oldest)).toISOString(), to: new Date(now.getTime() - SETTLED_MS).toISOString(), cut: from < oldest };
};

const ENDED = new Set(['success', 'failed', 'canceled', 'skipped']);

/** Whether a listed pipeline may have come to something that nobody told. The list has no end times: one that may is read by itself. */
export const mayBeMissed = ({ status = '', updated_at: updatedAt }: PipelineAnswer, heard: Heard | undefined): boolean => {
  if (status === 'running') return !heard?.started && heard?.finishedAt === undefined;
  if (!ENDED.has(status)) return false;
  return heard?.finishedAt === undefined || heard.finishedAt.getTime() < Date.parse(updatedAt ?? '') - SAME_MS;
};

/** Whether the end that the pipeline itself shows was told; GitLab's hooks tell it to the second. */
export const isToldEnd = (finishedAt: string | undefined, heard: Heard | undefined): boolean =>
  finishedAt !== undefined && heard?.finishedAt !== undefined && Math.floor(Date.parse(finishedAt) / 1_000) <= Math.floor(heard.finishedAt.getTime() / 1_000);
