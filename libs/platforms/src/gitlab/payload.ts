import { commits } from '../shared/changed-paths.js';
import { instant } from '../shared/instants.js';
import { flag, identifier, integer, link, list, orNull, shape, text, title, type ReadBy, type Reader } from '../shared/read.js';

/** The few fields read of GitLab's payloads; every one may be absent. */
const user = shape({ username: text, name: text });
const project = shape({ id: identifier, path_with_namespace: text, web_url: link });

/** Only ever asked for our own correlation id; values of pipeline variables go no further. */
const variable = shape({ key: text, value: text });

const build = shape({ status: text, failure_reason: text, allow_failure: flag, started_at: instant, finished_at: instant });

/** Jobs of a pipeline that are read, of a hook or of the REST API. */
const JOBS = 2_000;
export const gitlabJobs = list(build, JOBS);

/** One shape for the hook's `object_attributes` and for the REST API's pipeline. */
export const gitlabPipeline = shape({
  id: identifier, iid: integer, name: orNull(text), ref: text, tag: flag, sha: text, source: text, status: text,
  created_at: instant, updated_at: instant, started_at: instant, finished_at: instant, url: link, web_url: link,
  variables: list(variable, 1_000), user,
});

const mergeRequest = shape({
  id: identifier, iid: integer, title, url: link, source_branch: text, target_branch: text,
  source_project_id: identifier, target_project_id: identifier,
});

const changeAttributes = shape({
  iid: integer, action: text, state: text, title, url: link, source_branch: text, target_branch: text,
  source_project_id: identifier, target_project_id: identifier, last_commit: shape({ id: text }),
  merge_commit_sha: text, oldrev: text, updated_at: instant, draft: flag,
});

/** Deployments write it as text, jobs as object. */
const environment: Reader<string> = (value) => text(value) ?? shape({ name: text })(value)?.name;

export const gitlabBody = shape({
  object_kind: text, user, user_username: text, user_name: text,
  project, repository: shape({ homepage: link }),
  merge_request: orNull(mergeRequest), builds: gitlabJobs,
  commit: shape({ id: text, title, sha: text }),
  ref: text, tag: (value) => flag(value) ?? text(value), sha: text, before: text, after: text, checkout_sha: text,
  commits, total_commits_count: integer,
  build_id: identifier, build_name: text, build_stage: text, build_status: text, build_failure_reason: text,
  build_started_at: instant, build_finished_at: instant, pipeline_id: identifier,
  status: text, status_changed_at: instant, deployment_id: identifier, deployable_id: identifier, deployable_url: link, environment,
  environment_external_url: link, commit_url: link, commit_title: title,
  id: identifier, action: text, name: title, url: link, released_at: instant, created_at: instant,
});

export const gitlabChange = changeAttributes;
export type GitlabBody = ReadBy<typeof gitlabBody>;
export type GitlabJob = ReadBy<typeof build>;
export type GitlabPipeline = ReadBy<typeof gitlabPipeline>;
export type GitlabMergeRequest = ReadBy<typeof mergeRequest>;
