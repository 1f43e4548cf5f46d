import type { Answer, Exchange } from '../kit/types.js';
import { neededFor, notFound, paged } from './answers.js';
import { ENDED, type Pipeline } from './pipeline.js';
import type { GitlabProject } from './project.js';
import type { GitlabService } from './service.js';
import { pipelineItem, pipelineView } from './views.js';

/** `GET /projects/:id/pipelines` with its filters. */
export const listPipelines = (service: GitlabService, project: GitlabProject, exchange: Exchange): Answer => {
  const { query } = exchange;
  const fits = filterOf(query);
  const needed = neededFor(query);
  const isPast = endOf(query);
  const found: Pipeline[] = [];
  for (const pipeline of inOrder(service, project.id, query)) {
    if (isPast(pipeline) || found.length === needed) break;
    if (fits(pipeline)) found.push(pipeline);
  }
  return paged(found, exchange, service.root(), (pipeline) => pipelineItem(service.root(), project, pipeline));
};

const isAscending = (query: URLSearchParams): boolean => query.get('sort') === 'asc';

/** Ids grow with the time of creation: only pipelines of the time that is asked for are touched. */
const inOrder = ({ pipelines }: GitlabService, projectId: number, query: URLSearchParams): Iterable<Pipeline> =>
  isAscending(query) ? pipelines.since(projectId, timeOf(query.get('created_after'))) : pipelines.newest(projectId, timeOf(query.get('created_before')));

/** Whether a pipeline, and all that come after it in the list, are out of the time that is asked for. */
const endOf = (query: URLSearchParams): ((pipeline: Pipeline) => boolean) => {
  const [after, before] = [timeOf(query.get('created_after')), timeOf(query.get('created_before'))];
  return isAscending(query)
    ? ({ createdAt }) => before !== undefined && createdAt >= before
    : ({ createdAt }) => after !== undefined && createdAt <= after;
};

/** Times of the simulator are all written alike, so that their texts compare as they do. */
const timeOf = (text: string | null | undefined): string | undefined => (text ? new Date(text).toISOString() : undefined);

const SCOPES: Record<string, (pipeline: Pipeline) => boolean> = {
  running: ({ status }) => status === 'running',
  pending: ({ status }) => status === 'pending',
  finished: ({ status }) => ENDED.includes(status),
  tags: ({ tag }) => tag,
  branches: ({ tag }) => !tag,
};

const filterOf = (query: URLSearchParams): ((pipeline: Pipeline) => boolean) => {
  const {
    ref,
    source,
    status,
    sha,
    username,
    updated_after: after,
    updated_before: before,
    scope,
  } = Object.fromEntries(query);
  const fits = (value: string, wanted: string | undefined): boolean => wanted === undefined || value === wanted;
  const [afterAt, beforeAt] = [after, before].map(timeOf);
  return (pipeline) =>
    fits(pipeline.ref, ref) &&
    fits(pipeline.source, source) &&
    fits(pipeline.status, status) &&
    fits(pipeline.sha, sha) &&
    fits(pipeline.user, username) &&
    (afterAt === undefined || pipeline.updatedAt > afterAt) &&
    (beforeAt === undefined || pipeline.updatedAt < beforeAt) &&
    (scope === undefined || (SCOPES[scope]?.(pipeline) ?? true));
};

/** `GET /projects/:id/pipelines/:pid` and what hangs below it. */
export const onePipeline = (service: GitlabService, project: GitlabProject, id: string, act: (pipeline: Pipeline) => Answer): Answer => {
  const pipeline = service.pipelines.find(project.id, id);
  return pipeline ? act(pipeline) : notFound();
};

export const showPipeline = (service: GitlabService, project: GitlabProject, pipeline: Pipeline, status = 200): Answer => ({
  status,
  body: pipelineView(service.root(), project, pipeline),
});
