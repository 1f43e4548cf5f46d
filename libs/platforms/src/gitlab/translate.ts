import type { HookContext, Translation } from '../hook-platform.js';
import { asTranslation, ignored, type Told } from '../shared/drafts.js';
import { isRecord } from '../shared/read.js';
import { translateDeployment } from './deployment.translator.js';
import { translateJob } from './job.translator.js';
import { translateMergeRequest } from './merge-request.translator.js';
import { gitlabBody, type GitlabBody } from './payload.js';
import { translatePipeline } from './pipeline.translator.js';
import { projectOf } from './projects.js';
import { translatePush, translateTagPush } from './push.translator.js';
import { translateRelease } from './release.translator.js';

type Translator = (body: GitlabBody, project: string, whole: Record<string, unknown>) => Told;

/** By `object_kind`: system hooks share one header for all of them. */
const TRANSLATORS: Readonly<Record<string, Translator>> = {
  pipeline: translatePipeline,
  build: translateJob,
  push: translatePush,
  tag_push: translateTagPush,
  merge_request: translateMergeRequest,
  deployment: translateDeployment,
  release: translateRelease,
};

const tell = (whole: Record<string, unknown>, origin: string): Told => {
  const body = gitlabBody(whole);
  const kind = body?.object_kind;
  if (!body || kind === undefined) return ignored('object_kind missing');
  const translate = Object.hasOwn(TRANSLATORS, kind) ? TRANSLATORS[kind] : undefined;
  if (!translate) return ignored('event not used');
  const project = projectOf(body, origin);
  return project === undefined ? ignored('project missing') : translate(body, project, whole);
};

export const translateGitlab = (body: unknown, context: HookContext): Translation => {
  if (!isRecord(body)) throw new TypeError('The body is no JSON object');
  return asTranslation(tell(body, context.origin), context);
};
