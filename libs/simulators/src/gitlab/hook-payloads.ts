import { gitlabHookTime } from '../kit/time.js';
import { type Job, latestJobs, ownJob } from './jobs.js';
import { type Pipeline, secondsBetween } from './pipeline.js';
import { type GitlabProject, namesOf, refsOf } from './project.js';
import { pipelineUrl, userView, wholeSeconds } from './views.js';

/** Body of a Pipeline Hook. */
export const pipelineHook = (root: string, project: GitlabProject, pipeline: Pipeline): Record<string, unknown> => ({
  object_kind: 'pipeline',
  object_attributes: {
    id: pipeline.id,
    iid: pipeline.iid,
    name: pipeline.name,
    ref: pipeline.ref,
    tag: pipeline.tag,
    sha: pipeline.sha,
    before_sha: '0'.repeat(40),
    source: pipeline.source,
    status: pipeline.status,
    detailed_status: pipeline.status === 'success' ? 'passed' : pipeline.status,
    stages: ['test'],
    created_at: gitlabHookTime(pipeline.createdAt),
    finished_at: pipeline.finishedAt && gitlabHookTime(pipeline.finishedAt),
    duration: wholeSeconds(secondsBetween(pipeline.startedAt, pipeline.finishedAt)),
    queued_duration: wholeSeconds(secondsBetween(pipeline.begunAt, pipeline.startedAt)),
    variables: pipeline.variables.map(({ key, value }) => ({ key, value })),
    url: pipelineUrl(root, project, pipeline),
  },
  merge_request: null,
  user: { ...userView(root, pipeline.user), email: '[REDACTED]' },
  project: projectView(root, project),
  commit: commitView(root, project, pipeline),
  builds: latestJobs(pipeline).map((job) => buildOf(pipeline, job)),
});

/** Body of a Job Hook; each pipeline has one job, `scan`. */
export const jobHook = (root: string, project: GitlabProject, pipeline: Pipeline): Record<string, unknown> => {
  const build = buildOf(pipeline, ownJob(pipeline)!);
  const { name, namespace } = namesOf(project);
  return {
    object_kind: 'build',
    ref: pipeline.ref,
    tag: pipeline.tag,
    before_sha: '0'.repeat(40),
    sha: pipeline.sha,
    retries_count: pipeline.attempt - 1,
    build_id: build['id'],
    build_name: build['name'],
    build_stage: build['stage'],
    build_status: build['status'],
    build_created_at: build['created_at'],
    build_started_at: build['started_at'],
    build_finished_at: build['finished_at'],
    build_duration: build['duration'],
    build_queued_duration: build['queued_duration'],
    build_allow_failure: false,
    build_failure_reason: build['failure_reason'] ?? 'unknown_failure',
    pipeline_id: pipeline.id,
    runner: build['runner'],
    project_id: project.id,
    project_name: `${namespace} / ${name}`,
    user: { ...userView(root, pipeline.user), email: '[REDACTED]' },
    // In a Job Hook `commit.id` is the pipeline's.
    commit: {
      id: pipeline.id,
      name: pipeline.name,
      sha: pipeline.sha,
      message: pipeline.message,
      author_name: pipeline.user,
      status: pipeline.status,
      duration: null,
      started_at: null,
      finished_at: null,
    },
    repository: { name, url: `${root}/${project.path}.git`, description: '', homepage: `${root}/${project.path}` },
    project: projectView(root, project),
    environment: null,
    source_pipeline: null,
  };
};

const projectView = (root: string, project: GitlabProject): Record<string, unknown> => {
  const { name, namespace } = namesOf(project);
  return {
    id: project.id,
    name,
    description: '',
    web_url: `${root}/${project.path}`,
    avatar_url: null,
    git_ssh_url: `git@gitlab:${project.path}.git`,
    git_http_url: `${root}/${project.path}.git`,
    namespace,
    visibility_level: 0,
    path_with_namespace: project.path,
    default_branch: refsOf(project)[0],
    ci_config_path: null,
  };
};

const commitView = (root: string, project: GitlabProject, pipeline: Pipeline): Record<string, unknown> => ({
  id: pipeline.sha,
  message: pipeline.message,
  title: pipeline.message,
  timestamp: pipeline.createdAt.replace(/\.\d+Z$/, '+00:00'),
  url: `${root}/${project.path}/-/commit/${pipeline.sha}`,
  author: { name: pipeline.user, email: `${pipeline.user}@example.com` },
});

const buildOf = (pipeline: Pipeline, job: Job): Record<string, unknown> => ({
  id: job.id,
  stage: job.stage,
  name: job.name,
  status: job.status,
  created_at: gitlabHookTime(job.createdAt),
  started_at: job.startedAt && gitlabHookTime(job.startedAt),
  finished_at: job.finishedAt && gitlabHookTime(job.finishedAt),
  duration: secondsBetween(job.startedAt, job.finishedAt),
  queued_duration: secondsBetween(job.createdAt, job.startedAt),
  failure_reason: job.failureReason,
  when: job.isManual ? 'manual' : 'on_success',
  manual: job.isManual,
  allow_failure: job.isManual,
  user: { username: pipeline.user },
  runner:
    job.startedAt === null ? null : { id: 1, description: 'runner', runner_type: 'instance_type', active: true, is_shared: true, tags: [] },
  artifacts_file: { filename: null, size: null },
  environment: null,
});
