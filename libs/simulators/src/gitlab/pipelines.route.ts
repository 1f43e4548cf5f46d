import type { Answer, Exchange } from '../kit/types.js';
import { notFound, paged } from './answers.js';
import { ENDED, type Pipeline } from './pipeline.js';
import type { GitlabProject } from './project.js';
import type { GitlabService } from './service.js';
import { pipelineItem, pipelineView } from './views.js';

/** `GET /projects/:id/pipelines` with its filters. */
export const listPipelines = (service: GitlabService, project: GitlabProject, exchange: Exchange): Answer => {
  const found = service.pipelines.list(project.id).filter(filterOf(exchange.query));
  return paged(
    (exchange.query.get('sort') === 'asc' ? found.reverse() : found).map((pipeline) => pipelineItem(service.root(), project, pipeline)),
    exchange,
    service.root(),
  );
};

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
    created_after: createdAfter,
    scope,
  } = Object.fromEntries(query);
  const fits = (value: string, wanted: string | undefined): boolean => wanted === undefined || value === wanted;
  return (pipeline) =>
    fits(pipeline.ref, ref) &&
    fits(pipeline.source, source) &&
    fits(pipeline.status, status) &&
    fits(pipeline.sha, sha) &&
    fits(pipeline.user, username) &&
    (after === undefined || Date.parse(pipeline.updatedAt) > Date.parse(after)) &&
    (before === undefined || Date.parse(pipeline.updatedAt) < Date.parse(before)) &&
    (createdAfter === undefined || Date.parse(pipeline.createdAt) > Date.parse(createdAfter)) &&
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
