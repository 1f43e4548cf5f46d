import type { HookContext, Translation } from '../hook-platform.js';
import { asTranslation, ignored, type Told } from '../shared/drafts.js';
import { isRecord } from '../shared/read.js';
import { translateDeploymentStatus } from './deployment-status.translator.js';
import { githubBody, type GithubBody } from './payload.js';
import { translatePullRequest } from './pull-request.translator.js';
import { translatePush } from './push.translator.js';
import { translateCreate, translateDelete } from './refs.translator.js';
import { translateRelease } from './release.translator.js';
import { translateRepositoryDispatch } from './repository-dispatch.translator.js';
import { translateWorkflowJob } from './workflow-job.translator.js';
import { translateWorkflowRun } from './workflow-run.translator.js';

type Translator = (body: GithubBody, repository: { id?: string; full_name: string }, whole: Record<string, unknown>) => Told;

/** By the header `X-GitHub-Event`. */
const TRANSLATORS: Readonly<Record<string, Translator>> = {
  workflow_run: translateWorkflowRun,
  workflow_job: translateWorkflowJob,
  push: translatePush,
  create: translateCreate,
  delete: translateDelete,
  pull_request: translatePullRequest,
  deployment_status: translateDeploymentStatus,
  release: translateRelease,
  repository_dispatch: translateRepositoryDispatch,
};

const tell = (event: string | undefined, whole: Record<string, unknown>): Told => {
  if (event === undefined) return ignored('event header missing');
  if (event === 'ping') return ignored('ping');
  const translate = Object.hasOwn(TRANSLATORS, event) ? TRANSLATORS[event] : undefined;
  if (!translate) return ignored('event not used');
  const body = githubBody(whole);
  const name = body?.repository?.full_name;
  return body && name ? translate(body, { ...body.repository, full_name: name }, whole) : ignored('repository missing');
};

export const translateGithub = (body: unknown, context: HookContext): Translation => {
  if (!isRecord(body)) throw new TypeError('The body is no JSON object');
  return asTranslation(tell(context.headers['x-github-event'], body), context);
};
