import { isDeepStrictEqual } from 'node:util';
import type { RunState } from '@stellwerk/contracts';
import type { Plan, PlanInput, ReportTarget } from '../plan.js';
import type { RunRecord } from '../run-record.js';
import { keepInput, keepRead, type KeptInput, type KeptRead } from './pack.js';

/** What a run was told. What started it stands in its record, and never changes. */
export type HistoryNews =
  /** It began. `inputs`: as a person gave them. */
  | { kind: 'started'; inputs?: Record<string, unknown>; reportTo: readonly ReportTarget[] }
  /** Who moved it before kept no history, or not all of it: from here on it is known again. */
  | { kind: 'found'; run: RunRecord }
  | { kind: 'moved'; inputs: readonly KeptInput[] };

/** One change of a run: what led to it, and what came of it. With all that it read, planning makes the same of it again. */
export interface HistoryEntry {
  /** From 0, without gaps. */
  number: number;
  /** After it. */
  version: number;
  /** After it. */
  state: RunState;
  /** Id of the message, clock or order. */
  cause: string;
  news: HistoryNews;
  read: KeptRead;
}

/** Whether all that has happened to the run so far is in its history. */
const isFollowed = ({ history, version }: RunRecord): boolean => history?.version === version;

/** Takes note in a run that was planned that its history has one entry more; of one that was found, two. */
export const countEntry = (before: RunRecord | undefined, run: RunRecord): void => {
  const more = before && !isFollowed(before) ? 2 : 1;
  run.history = { entries: (before?.history?.entries ?? 0) + more, version: run.version };
};

/** Whether what it was told made anything else of the run. What did not is no part of its history, and need not be stored. */
export const hasMoved = ({ history: _before, ...record }: RunRecord, { run: { history: _after, ...run } }: Plan): boolean => !isDeepStrictEqual(run, record);

/** The entry of a run that has begun. */
export const entryOfStart = ({ run, read }: Plan, news: Omit<Extract<HistoryNews, { kind: 'started' }>, 'kind'>, cause: string): HistoryEntry =>
  ({ number: 0, version: run.version, state: run.state, cause, news: { kind: 'started', ...news }, read: keepRead(read) });

/** The entries of a run that has moved from `before`. */
export const entriesOfMove = (before: RunRecord, { run, read }: Plan, inputs: readonly PlanInput[], cause: string): HistoryEntry[] => {
  const number = run.history!.entries - 1;
  const moved: HistoryEntry = { number, version: run.version, state: run.state, cause, news: { kind: 'moved', inputs: inputs.map(keepInput) }, read: keepRead(read) };
  if (isFollowed(before)) return [moved];
  return [{ number: number - 1, version: before.version, state: before.state, cause, news: { kind: 'found', run: before }, read: { at: read.at } }, moved];
};
