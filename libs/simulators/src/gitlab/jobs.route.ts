import type { Answer, Exchange } from '../kit/types.js';
import { message, notFound, paged } from './answers.js';
import { allJobs, latestJobs, type Job } from './jobs.js';
import type { Pipeline } from './pipeline.js';
import type { GitlabProject } from './project.js';
import type { GitlabService } from './service.js';
import { pipelineItem, userView } from './views.js';

/** `GET /projects/:id/pipelines/:pid/jobs`: the latest of each name, unless `include_retried`; `scope[]` by status. */
export const listJobs = (service: GitlabService, project: GitlabProject, pipeline: Pipeline, exchange: Exchange): Answer => {
  const scopes = exchange.query.getAll('scope[]');
  const jobs = exchange.query.get('include_retried') === 'true' ? allJobs(pipeline) : latestJobs(pipeline);
  const found = scopes.length === 0 ? jobs : jobs.filter(({ status }) => scopes.includes(status));
  return paged(found, exchange, service.root(), (job) => jobView(service, project, pipeline, job));
};

/** `GET /projects/:id/jobs/:job`. */
export const showJob = (service: GitlabService, project: GitlabProject, id: string): Answer => {
  const found = findJob(service, project, id);
  return found ? { status: 200, body: jobView(service, project, found.pipeline, found.job) } : notFound();
};

/** `POST /projects/:id/jobs/:job/play`: manual jobs only. One that has ended is run again: https://docs.gitlab.com/api/jobs/#run-a-job */
export const playJob = (service: GitlabService, project: GitlabProject, id: string, order: Record<string, unknown>): Answer => {
  const found = findJob(service, project, id);
  if (!found) return notFound();
  const variables = (Array.isArray(order['job_variables_attributes']) ? order['job_variables_attributes'] : []) as Job['variables'];
  if (project.variablesForbidden && variables.length > 0) return message(403, '403 Forbidden');
  const manual = found.pipeline.manual.find((job) => job.id === found.job.id && !job.retried);
  const played = manual && service.manualJobs.play(found.pipeline, manual, variables);
  if (!played) return message(400, '400 Bad request - Unplayable Job');
  const pipeline = service.pipelines.get(found.pipeline.id)!;
  return { status: 200, body: jobView(service, project, pipeline, allJobs(pipeline).find((job) => job.id === played.id)!) };
};

const findJob = ({ pipelines }: GitlabService, project: GitlabProject, id: string): { pipeline: Pipeline; job: Job } | undefined => {
  for (const pipeline of pipelines.newest(project.id)) {
    const job = allJobs(pipeline).find((one) => String(one.id) === id);
    if (job) return { pipeline, job };
  }
  return undefined;
};

const jobView = (service: GitlabService, project: GitlabProject, pipeline: Pipeline, job: Job): Record<string, unknown> => ({
  id: job.id,
  status: job.status,
  stage: job.stage,
  name: job.name,
  ref: pipeline.ref,
  tag: pipeline.tag,
  allow_failure: job.isManual,
  created_at: job.createdAt,
  started_at: job.startedAt,
  finished_at: job.finishedAt,
  failure_reason: job.failureReason ?? undefined,
  user: userView(service.root(), pipeline.user),
  pipeline: pipelineItem(service.root(), project, pipeline),
  web_url: `${service.root()}/${project.path}/-/jobs/${job.id}`,
  project: { ci_job_token_scope_enabled: false },
});
