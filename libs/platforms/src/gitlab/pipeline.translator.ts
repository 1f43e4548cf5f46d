import type { Outcome } from '@stellwerk/contracts';
import type { EventContext, TranslatedEvent } from '../hook-platform.js';
import { CORRELATION_NAME, correlationOf } from '../shared/correlation.js';
import { finishDrafts, ignored, type DraftData, type ObjectDraft, type Told } from '../shared/drafts.js';
import { toTheSecond } from '../shared/instants.js';
import { isRecord, present } from '../shared/read.js';
import { causeOfGitlab, outcomeOfGitlab } from './outcomes.js';
import { gitlabJobs, gitlabPipeline, type GitlabBody, type GitlabJob, type GitlabMergeRequest, type GitlabPipeline } from './payload.js';
import { actorOf, isForkOf, webUrlOf } from './projects.js';

type Predicate = 'queued' | 'started' | 'finished';

const PREDICATES: Readonly<Record<string, Predicate>> = {
  created: 'queued', waiting_for_resource: 'queued', preparing: 'queued', pending: 'queued',
  running: 'started',
  success: 'finished', failed: 'finished', canceled: 'finished', skipped: 'finished',
};

/** What only the hook knows beside the pipeline itself. */
interface Surroundings {
  readonly project: string;
  readonly webUrl?: string;
  readonly change?: GitlabMergeRequest;
  readonly actor?: string;
  readonly title?: string;
  /** The pipeline's own jobs, the latest of each name; what others told about the commit is none of them. */
  readonly jobs?: readonly GitlabJob[];
}

const refOf = ({ ref, tag }: GitlabPipeline, change: GitlabMergeRequest | undefined): DraftData => {
  if (tag) return { tag: ref };
  // The API shows a merge request's pipeline under refs/merge-requests/…, which is no branch.
  return { branch: ref?.startsWith('refs/') ? change?.source_branch : ref };
};

const changeOf = (change: GitlabMergeRequest | undefined): DraftData =>
  change?.iid === undefined
    ? {}
    : { change: present({ number: change.iid, url: change.url, title: change.title }), base: change.target_branch };

/** A merge request's pipeline whose origin is not told might be a stranger's. */
const forkOf = (pipeline: GitlabPipeline, change: GitlabMergeRequest | undefined): boolean | undefined => {
  if (pipeline.source !== 'merge_request_event' && pipeline.source !== 'external_pull_request_event') return change ? isForkOf(change) : undefined;
  return (change && isForkOf(change)) ?? true;
};

const correlationIn = (pipeline: GitlabPipeline): string | undefined =>
  correlationOf(pipeline.variables?.find(({ key }) => key === CORRELATION_NAME)?.value);

/** Pipeline hooks have no started_at: the first job's is the nearest there is. */
const firstStart = (jobs: readonly GitlabJob[] = []): string | undefined => jobs.flatMap(({ started_at: at }) => at ?? []).sort()[0];

/**
 * When the pipeline's own jobs were over, to the second; undefined where none are known. A status set on the commit ends the pipeline
 * anew and leaves this as it is. Where none of them has run (all skipped, or waiting for a person), they are over since the pipeline is there.
 */
const jobsEnd = ({ created_at: created }: GitlabPipeline, { jobs = [] }: Surroundings): string | undefined => {
  if (jobs.length === 0) return undefined;
  const ended = jobs.flatMap(({ finished_at: at }) => at ?? []).sort().at(-1) ?? created;
  return ended && toTheSecond(ended);
};

const timesOf = (pipeline: GitlabPipeline, around: Surroundings, predicate: Predicate): DraftData => {
  const startedAt = predicate === 'queued' ? undefined : (pipeline.started_at ?? firstStart(around.jobs));
  if (predicate === 'queued') return { occurredAt: pipeline.created_at };
  if (predicate === 'started') return { startedAt, occurredAt: startedAt };
  return { startedAt, finishedAt: pipeline.finished_at, jobsFinishedAt: jobsEnd(pipeline, around), occurredAt: pipeline.finished_at };
};

const outcomeAt = (pipeline: GitlabPipeline, { jobs = [] }: Surroundings, predicate: Predicate): Outcome | undefined => {
  const failed = jobs.filter(({ status, allow_failure }) => status === 'failed' && !allow_failure);
  return predicate === 'finished' ? outcomeOfGitlab(pipeline.status, failed.map(({ failure_reason }) => failure_reason)) : undefined;
};

const dataOf = (pipeline: GitlabPipeline, id: string, around: Surroundings, predicate: Predicate): ObjectDraft['data'] => {
  const url = pipeline.url ?? pipeline.web_url ?? (around.webUrl && `${around.webUrl}/-/pipelines/${id}`);
  return present({
    repository: around.project,
    ...refOf(pipeline, around.change),
    sha: pipeline.sha,
    ...changeOf(around.change),
    pipeline: pipeline.name ?? undefined,
    run: present({ id, attempt: 1, number: pipeline.iid, url }),
    outcome: outcomeAt(pipeline, around, predicate),
    cause: causeOfGitlab(pipeline.source),
    fork: forkOf(pipeline, around.change),
    actor: around.actor ?? pipeline.user?.username,
    title: around.title,
    url,
    ...timesOf(pipeline, around, predicate),
    correlation: correlationIn(pipeline),
    raw: present({ status: pipeline.status, source: pipeline.source }),
  });
};

/**
 * A retried pipeline keeps its id, so the end it came to last stands for the attempt; while it runs again,
 * both hook and API still show that end.
 */
const attemptOf = ({ finished_at: ended }: GitlabPipeline): string | number => (ended === undefined ? 1 : toTheSecond(ended));

/** Only a status that somebody set on the commit moved it. */
const isMovedFromOutside = ({ jobs = [] }: Surroundings, predicate: Predicate): boolean =>
  predicate !== 'finished' && jobs.length > 0 && jobs.every(({ status }) => status === 'manual' || outcomeOfGitlab(status) !== undefined);

/** Made of statuses that others set on a commit which has no pipeline; nothing runs in it. */
const isExternal = ({ source }: GitlabPipeline): boolean => source === 'external';

const draftOf = (pipeline: GitlabPipeline, around: Surroundings): ObjectDraft | string => {
  const { id, status } = pipeline;
  const predicate = status !== undefined && Object.hasOwn(PREDICATES, status) ? PREDICATES[status] : undefined;
  if (id === undefined || predicate === undefined) return 'pipeline status not used';
  if (isExternal(pipeline)) return 'pipeline of commit statuses only';
  if (isMovedFromOutside(around, predicate)) return 'no job of the pipeline runs';
  return { type: `pipelinerun.${predicate}`, object: id, attempt: attemptOf(pipeline), data: dataOf(pipeline, id, around, predicate) };
};

const surroundingsOf = (body: GitlabBody, project: string): Surroundings => ({
  project,
  webUrl: webUrlOf(body),
  change: body.merge_request ?? undefined,
  actor: actorOf(body),
  title: body.commit?.title,
  jobs: body.builds,
});

export const translatePipeline = (body: GitlabBody, project: string, whole: Record<string, unknown>): Told => {
  const pipeline = gitlabPipeline(whole['object_attributes']);
  if (pipeline?.id === undefined) return ignored('pipeline without an id');
  const draft = draftOf(pipeline, surroundingsOf(body, project));
  return typeof draft === 'string' ? ignored(draft) : [draft];
};

/**
 * The same events from a pipeline as GitLab's REST API shows it; none for a status that flows do not know. Of one that has ended, `jobs`
 * (`GET …/pipelines/:id/jobs`, all pages) tell when those were over; where they may not be seen, the end is told without it.
 */
export const gitlabPipelineEvents = (pipeline: unknown, project: string, context: EventContext, jobs?: readonly unknown[]): TranslatedEvent[] => {
  const read = isRecord(pipeline) ? gitlabPipeline(pipeline) : undefined;
  const draft = read && draftOf(read, { project, jobs: jobs && gitlabJobs(jobs) });
  return draft === undefined || typeof draft === 'string' ? [] : finishDrafts([draft], context);
};
