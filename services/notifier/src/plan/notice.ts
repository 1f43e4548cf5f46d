import type { Attempt, PipelinePlace, RunSnapshot, StepSnapshot } from '@stellwerk/contracts';
import type { Word } from './transition.js';

/** All that a message can say, before it is put into the words of a channel. Texts are as they came: renderers escape. */
export interface Notice {
  word: Word;
  /** When it happened, RFC 3339. */
  at: string;
  run: string;
  flow: string;
  attempt: number;
  /** Of the run: what is told later has a higher one, whichever arrives first. */
  version: number;
  state: string;
  /** Page of the run. */
  url: string;
  reason?: string;
  repository?: string;
  branch?: string;
  /** Where `branch` is a tag: the same. */
  tag?: string;
  /** Of a join: whose run it is, whichever part came last, in the same words; absent = that of repository, branch and tag. */
  pipeline?: NoticePlace;
  sha?: string;
  title?: string;
  actor?: string;
  /** What started the run, at its platform. */
  causeUrl?: string;
  durationMs?: number;
  /** The step that this is about: the one that failed, or that a person is awaited for. */
  step?: NoticeStep;
  steps: { name: string; state: string; url?: string }[];
  /** So often the same was there before, without anything else in between; absent = it is the first. */
  repeats?: number;
  /** `digest`: what is gathered in it, one notice a run, the most important ones. */
  gathered?: Notice[];
  /** `digest`: so many others are in it; absent: none. */
  more?: number;
}

/** Where something happened: a tag stands in both, as there is no branch then. */
export type NoticePlace = Pick<Notice, 'repository' | 'branch' | 'tag'>;

/** As a notice says it. */
export const noticePlace = ({ repository, branch, tag }: PipelinePlace): NoticePlace =>
  ({ repository, branch: branch ?? tag, tag: branch === undefined ? tag : undefined });

export interface NoticeStep {
  name: string;
  state: string;
  reason?: string;
  url?: string;
}

const lastAttempt = (step: StepSnapshot): Attempt | undefined => step.attempts.at(-1);

const OF_INTEREST: Readonly<Partial<Record<Word, readonly string[]>>> = {
  failed: ['failed', 'unknown', 'cancelled'], 'rolled-back': ['failed', 'unknown'], cancelled: [], waiting: ['unknown', 'waiting'],
};

const stepOf = (run: RunSnapshot, word: Word): NoticeStep | undefined => {
  const states = OF_INTEREST[word] ?? [];
  const undone = word === 'failed' ? run.steps.find((step) => step.rollback?.state === 'failed') : undefined;
  const step = states.map((state) => run.steps.find((candidate) => candidate.state === state)).find(Boolean) ?? undone;
  if (!step) return undefined;
  const attempt = lastAttempt(step);
  return { name: step.name, state: step.state, reason: step.reason ?? attempt?.reason, url: attempt?.run?.url };
};

const durationOf = ({ startedAt, createdAt, finishedAt }: RunSnapshot): number | undefined =>
  finishedAt === undefined ? undefined : Date.parse(finishedAt) - Date.parse(startedAt ?? createdAt);

export const noticeOf = (run: RunSnapshot, word: Word, at: string, publicUrl: string): Notice => ({
  word, at, run: run.id, flow: run.flow, attempt: run.attempt, version: run.version, state: run.state, url: `${publicUrl}/runs/${encodeURIComponent(run.id)}`,
  reason: run.reason, ...noticePlace(run.event), ...(run.pipeline && { pipeline: noticePlace(run.pipeline) }), sha: run.event.sha, title: run.event.title,
  actor: run.event.actor, causeUrl: run.event.url, durationMs: durationOf(run), step: stepOf(run, word),
  steps: run.steps.map((step) => ({ name: step.name, state: step.state, url: lastAttempt(step)?.run?.url })),
});
