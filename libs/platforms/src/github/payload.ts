import { epochSecondsOrInstant, instant } from '../shared/instants.js';
import { flag, identifier, integer, link, list, orNull, shape, text, textUpTo, title, type ReadBy } from '../shared/read.js';
import { commits } from '../shared/changed-paths.js';

/**
 * The few fields read of GitHub's payloads. Every one may be absent: of GitHub's own examples
 * half do not fit its own schemas.
 */
const person = shape({ login: text });
const branchEnd = shape({ ref: text, sha: text, repo: orNull(shape({ id: identifier, full_name: text })) });

export const workflowRun = shape({
  id: identifier, run_attempt: integer, run_number: integer, name: text, path: text, event: text,
  status: text, conclusion: text, head_branch: text, head_sha: text, html_url: link, display_title: title,
  created_at: instant, run_started_at: instant, updated_at: instant,
  actor: person, triggering_actor: person,
  repository: shape({ id: identifier, full_name: text }),
  head_repository: orNull(shape({ id: identifier, full_name: text })),
  pull_requests: list(shape({ number: integer, head: branchEnd, base: branchEnd }), 100),
});

const workflowJob = shape({
  id: identifier, run_id: identifier, run_attempt: integer, name: text, workflow_name: text, status: text, conclusion: text,
  head_sha: text, head_branch: text, html_url: link, created_at: instant, started_at: instant, completed_at: instant,
});

const pullRequest = shape({
  number: integer, title, html_url: link, state: text, merged: flag, draft: flag, merge_commit_sha: text,
  head: branchEnd, base: branchEnd, updated_at: instant, closed_at: instant,
});

const deployment = shape({ id: identifier, ref: text, sha: text, environment: text, task: text, creator: person });

const deploymentStatus = shape({
  id: identifier, state: text, environment: text, description: title, log_url: link, target_url: link, environment_url: link,
  created_at: instant, updated_at: instant, creator: person,
});

const release = shape({
  id: identifier, tag_name: text, name: title, target_commitish: text, html_url: link, published_at: instant, author: person,
  prerelease: flag,
});

export const githubBody = shape({
  action: text,
  repository: shape({ id: identifier, full_name: text, html_url: link, pushed_at: epochSecondsOrInstant }),
  sender: person,
  workflow: shape({ name: text, path: text }),
  workflow_run: workflowRun, workflow_job: workflowJob, pull_request: pullRequest,
  deployment, deployment_status: deploymentStatus, release,
  ref: text, ref_type: text, before: text, after: text, created: flag, deleted: flag, forced: flag, compare: link,
  head_commit: shape({ message: title, timestamp: instant }), commits, pusher: shape({ name: text }),
  branch: textUpTo(512),
});

export type GithubBody = ReadBy<typeof githubBody>;
export type GithubWorkflowRun = ReadBy<typeof workflowRun>;
