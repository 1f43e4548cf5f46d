import { Shelf } from '../kit/shelf.js';
import type { Store } from '../kit/store.js';
import type { Answer } from '../kit/types.js';
import { message, missing, notFound } from './answers.js';
import type { Pipeline } from './pipeline.js';
import { type GitlabProject, refsOf } from './project.js';
import type { GitlabService } from './service.js';
import { userView } from './views.js';

export interface CommitStatus {
  id: number;
  pipelineId: number;
  projectId: number;
  sha: string;
  ref: string | null;
  status: string;
  name: string;
  target_url: string | null;
  description: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

/** State → the event that leads into it, for GitLab's message. */
const TRANSITIONS: Record<string, string> = {
  pending: 'enqueue',
  running: 'run',
  success: 'success',
  failed: 'drop',
  canceled: 'cancel',
  skipped: 'skip',
};

const OPEN = ['pending', 'running'];

/**
 * `POST /projects/:id/statuses/:sha`: moves the open status of that name or makes a new one; the same open state again is refused with 400.
 * It becomes a job of the newest pipeline that fits, or of a new one made of such jobs alone (`source: external`), and that pipeline moves:
 * https://docs.gitlab.com/api/commits/#set-commit-pipeline-status
 */
export const setStatus = (service: GitlabService, project: GitlabProject, sha: string, order: Record<string, unknown>): Answer => {
  const state = order['state'];
  if (typeof state !== 'string') return missing('state');
  if (!TRANSITIONS[state]) return { status: 400, body: { error: 'state does not have a valid value' } };
  if (!/^[0-9a-f]{40}$/.test(sha)) return notFound('Commit');
  const known = pipelineFor(service, project, sha, order);
  if (!known && order['pipeline_id'] !== undefined) return notFound('Pipeline for pipeline_id, sha and ref');
  const name = String(order['name'] ?? order['context'] ?? 'default');
  const open = known && latestOf(service, known).find((status) => status.name === name && OPEN.includes(status.status));
  if (open?.status === state || (open?.status === 'running' && state === 'pending')) {
    return message(
      400,
      `Cannot transition status via :${TRANSITIONS[state]} from :${open.status} (Reason(s): Status cannot transition via "${TRANSITIONS[state]}")`,
    );
  }
  const pipeline = known ?? externalPipeline(service, project, sha, order);
  const status = service.statuses.put(statusFrom(service, { project, pipeline, sha, name, state, open, order }));
  service.pipelines.told(pipeline);
  return { status: 201, body: view(service, status) };
};

/**
 * Cancelling a pipeline ends what others told about it as well; GitLab counts these among its cancelable statuses:
 * https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/services/ci/cancel_pipeline_service.rb
 */
export const cancelStatuses = (service: GitlabService, pipeline: Pipeline): void => {
  const open = latestOf(service, pipeline).filter(({ status }) => OPEN.includes(status));
  for (const status of open) service.statuses.put({ ...status, status: 'canceled', finished_at: new Date().toISOString() });
  if (open.length > 0) service.pipelines.told(pipeline);
};

interface Told {
  project: GitlabProject;
  pipeline: Pipeline;
  sha: string;
  name: string;
  state: string;
  open?: CommitStatus;
  order: Record<string, unknown>;
}

const statusFrom = (service: GitlabService, { project, pipeline, sha, name, state, open, order }: Told): CommitStatus => {
  const now = new Date().toISOString();
  return {
    id: open?.id ?? service.store.next('status'),
    pipelineId: pipeline.id,
    projectId: project.id,
    sha,
    ref: pipeline.ref,
    status: state,
    name,
    target_url: text(order['target_url']),
    description: text(order['description']),
    created_at: open?.created_at ?? now,
    started_at: state === 'running' ? now : (open?.started_at ?? null),
    finished_at: OPEN.includes(state) ? null : now,
  };
};

/** The newest of the commit; with `pipeline_id` that one, with `ref` one of that ref. */
const pipelineFor = ({ pipelines }: GitlabService, project: GitlabProject, sha: string, { ref, pipeline_id: id }: Record<string, unknown>): Pipeline | undefined => {
  const fits = (pipeline: Pipeline): boolean => pipeline.sha === sha && (ref === undefined || pipeline.ref === ref);
  const named = id === undefined ? undefined : pipelines.find(project.id, String(id));
  if (id !== undefined) return named && fits(named) ? named : undefined;
  for (const pipeline of pipelines.newest(project.id)) if (fits(pipeline)) return pipeline;
  return undefined;
};

const externalPipeline = (service: GitlabService, project: GitlabProject, sha: string, { ref }: Record<string, unknown>): Pipeline =>
  service.pipelines.create({
    project, sha, ref: text(ref) ?? refsOf(project)[0]!, source: 'external', variables: [], user: service.username, planned: { result: 'success' }, external: true,
  });

/** What others told about a pipeline: the newest status of each name. */
export const latestOf = ({ statuses }: Pick<GitlabService, 'statuses'>, { id, projectId, sha }: Pipeline): CommitStatus[] => {
  const newest = new Map<string, CommitStatus>();
  for (const status of statuses.newest(`${projectId} ${sha}`)) if (status.pipelineId === id && !newest.has(status.name)) newest.set(status.name, status);
  return [...newest.values()];
};

export const statusesOf = (service: GitlabService, project: GitlabProject, sha: string): unknown[] =>
  [...service.statuses.newest(`${project.id} ${sha}`)].reverse().map((status) => view(service, status));

/** The commit statuses, by project and commit. */
export const statusShelf = (store: Store): Shelf<CommitStatus> =>
  new Shelf(store.table<CommitStatus>('statuses'), { keyOf: ({ id }) => id, groupOf: ({ projectId, sha }) => `${projectId} ${sha}`, hasEnded: ({ status }) => !OPEN.includes(status) });

const view = (service: GitlabService, { projectId: _projectId, pipelineId, ...status }: CommitStatus): Record<string, unknown> => ({
  ...status,
  pipeline_id: pipelineId,
  allow_failure: false,
  coverage: null,
  author: userView(service.root(), service.username),
});

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
