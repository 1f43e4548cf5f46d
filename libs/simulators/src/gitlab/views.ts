import { numberOf } from '../kit/numbers.js';
import { type Pipeline, secondsBetween } from './pipeline.js';
import type { GitlabProject } from './project.js';

export const userView = (root: string, username: string): Record<string, unknown> => ({
  id: numberOf(username),
  name: username,
  username,
  state: 'active',
  locked: false,
  avatar_url: null,
  web_url: `${root}/${username}`,
});

export const pipelineUrl = (root: string, project: GitlabProject, pipeline: Pipeline): string => `${root}/${project.path}/-/pipelines/${pipeline.id}`;

/** A pipeline in a list. */
export const pipelineItem = (root: string, project: GitlabProject, pipeline: Pipeline): Record<string, unknown> => ({
  id: pipeline.id,
  iid: pipeline.iid,
  project_id: project.id,
  sha: pipeline.sha,
  ref: pipeline.ref,
  status: pipeline.status,
  source: pipeline.source,
  created_at: pipeline.createdAt,
  updated_at: pipeline.updatedAt,
  web_url: pipelineUrl(root, project, pipeline),
  name: pipeline.name,
});

/** A pipeline alone. */
export const pipelineView = (root: string, project: GitlabProject, pipeline: Pipeline): Record<string, unknown> => ({
  ...pipelineItem(root, project, pipeline),
  before_sha: '0'.repeat(40),
  tag: pipeline.tag,
  yaml_errors: null,
  user: userView(root, pipeline.user),
  started_at: pipeline.startedAt,
  finished_at: pipeline.finishedAt,
  committed_at: null,
  duration: wholeSeconds(secondsBetween(pipeline.startedAt, pipeline.finishedAt)),
  queued_duration: secondsBetween(pipeline.begunAt, pipeline.startedAt),
  coverage: null,
  detailed_status: {
    icon: `status_${pipeline.status}`,
    text: pipeline.status,
    label: pipeline.status,
    group: pipeline.status,
    tooltip: pipeline.status,
    has_details: true,
    details_path: `/${project.path}/-/pipelines/${pipeline.id}`,
    illustration: null,
    favicon: `/assets/ci_favicons/favicon_status_${pipeline.status}.png`,
  },
});

export const wholeSeconds = (seconds: number | null): number | null => (seconds === null ? null : Math.round(seconds));
