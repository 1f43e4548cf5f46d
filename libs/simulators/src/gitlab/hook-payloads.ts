import { gitlabHookTime } from '../kit/time.js';
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
  builds: [buildOf(pipeline)],
});

/** Body of a Job Hook; each pipeline has one job, `scan`. */
export const jobHook = (root: string, project: GitlabProject, pipeline: Pipeline): Record<string, unknown> => {
  const build = buildOf(pipeline);
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
    build_status: pipeline.status,
    build_created_at: build['created_at'],
    build_started_at: build['started_at'],
    build_finished_at: build['finished_at'],
    build_duration: secondsBetween(pipeline.startedAt, pipeline.finishedAt),
    build_queued_duration: secondsBetween(pipeline.begunAt, pipeline.startedAt),
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

const buildOf = (pipeline: Pipeline): Record<string, unknown> => ({
  id: pipeline.id * 10 + pipeline.attempt,
  stage: 'test',
  name: 'scan',
  status: pipeline.status,
  created_at: gitlabHookTime(pipeline.begunAt),
  started_at: pipeline.startedAt && gitlabHookTime(pipeline.startedAt),
  finished_at: pipeline.finishedAt && gitlabHookTime(pipeline.finishedAt),
  duration: secondsBetween(pipeline.startedAt, pipeline.finishedAt),
  queued_duration: secondsBetween(pipeline.begunAt, pipeline.startedAt),
  failure_reason: pipeline.status === 'failed' ? (pipeline.planned.reason ?? 'script_failure') : null,
  when: 'on_success',
  manual: false,
  allow_failure: false,
  user: { username: pipeline.user },
  runner:
    pipeline.startedAt === null ? null : { id: 1, description: 'runner', runner_type: 'instance_type', active: true, is_shared: true, tags: [] },
  artifacts_file: { filename: null, size: null },
  environment: null,
});
