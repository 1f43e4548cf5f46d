import type { Outcome } from '@stellwerk/contracts';
import type { EventContext, TranslatedEvent } from '../hook-platform.js';
import { CORRELATION_NAME, correlationOf } from '../shared/correlation.js';
import { finishDrafts, ignored, type DraftData, type ObjectDraft, type Told } from '../shared/drafts.js';
import { toTheSecond } from '../shared/instants.js';
import { isRecord, present } from '../shared/read.js';
import { causeOfGitlab, outcomeOfGitlab } from './outcomes.js';
import { gitlabPipeline, type GitlabBody, type GitlabMergeRequest, type GitlabPipeline } from './payload.js';
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
  readonly startedAt?: string;
  readonly failureReasons?: readonly (string | undefined)[];
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

const timesOf = (pipeline: GitlabPipeline, around: Surroundings, predicate: Predicate): DraftData => {
  const startedAt = predicate === 'queued' ? undefined : (pipeline.started_at ?? around.startedAt);
  if (predicate === 'queued') return { occurredAt: pipeline.created_at };
  if (predicate === 'started') return { startedAt, occurredAt: startedAt };
  return { startedAt, finishedAt: pipeline.finished_at, occurredAt: pipeline.finished_at };
};

const outcomeAt = (pipeline: GitlabPipeline, around: Surroundings, predicate: Predicate): Outcome | undefined =>
  predicate === 'finished' ? outcomeOfGitlab(pipeline.status, around.failureReasons) : undefined;

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
const attemptOf = (pipeline: GitlabPipeline): string | number =>
  pipeline.finished_at === undefined ? 1 : toTheSecond(pipeline.finished_at);

const draftOf = (pipeline: GitlabPipeline, around: Surroundings): ObjectDraft | undefined => {
  const { id, status } = pipeline;
  const predicate = status !== undefined && Object.hasOwn(PREDICATES, status) ? PREDICATES[status] : undefined;
  if (id === undefined || predicate === undefined) return undefined;
  return { type: `pipelinerun.${predicate}`, object: id, attempt: attemptOf(pipeline), data: dataOf(pipeline, id, around, predicate) };
};

const surroundingsOf = (body: GitlabBody, project: string): Surroundings => {
  const builds = body.builds ?? [];
  const failed = builds.filter(({ status, allow_failure }) => status === 'failed' && !allow_failure);
  return {
    project,
    webUrl: webUrlOf(body),
    change: body.merge_request ?? undefined,
    actor: actorOf(body),
    title: body.commit?.title,
    // Pipeline hooks have no started_at: the first job's is the nearest there is.
    startedAt: builds.map(({ started_at }) => started_at).filter((at) => at !== undefined).sort()[0],
    failureReasons: failed.map(({ failure_reason }) => failure_reason),
  };
};

export const translatePipeline = (body: GitlabBody, project: string, whole: Record<string, unknown>): Told => {
  const pipeline = gitlabPipeline(whole['object_attributes']);
  if (pipeline?.id === undefined) return ignored('pipeline without an id');
  const draft = draftOf(pipeline, surroundingsOf(body, project));
  return draft ? [draft] : ignored('pipeline status not used');
};

/** The same events from a pipeline as GitLab's REST API shows it; none for a status that flows do not know. */
export const gitlabPipelineEvents = (pipeline: unknown, project: string, context: EventContext): TranslatedEvent[] => {
  const read = isRecord(pipeline) ? gitlabPipeline(pipeline) : undefined;
  const draft = read && draftOf(read, { project });
  return draft ? finishDrafts([draft], context) : [];
};
