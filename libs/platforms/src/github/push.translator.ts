import { changedPaths, isNoCommit } from '../shared/changed-paths.js';
import { ignored, type ObjectDraft, type Told } from '../shared/drafts.js';
import { toTheSecond } from '../shared/instants.js';
import { present } from '../shared/read.js';
import type { GithubBody } from './payload.js';

/** GitHub cuts the list of commits here. https://docs.github.com/en/webhooks/webhook-events-and-payloads#push */
const MAX_COMMITS = 2_048;

/** `push` and `create` both tell of a new branch or tag, and only the moment of the push stands in both. */
export const pushMoment = (body: GithubBody): string | number =>
  body.repository?.pushed_at === undefined ? 1 : toTheSecond(body.repository.pushed_at);

const pathsOf = (body: GithubBody): string[] | undefined => {
  const { commits } = body;
  // A new branch's commits may all be old ones: an empty list then says nothing.
  if (!commits || commits.length === 0 || commits.length >= MAX_COMMITS) return undefined;
  return changedPaths(commits);
};

const commonOf = (body: GithubBody, repository: string) => ({
  repository,
  sha: body.deleted ? undefined : body.after,
  cause: 'push' as const,
  fork: false,
  actor: body.sender?.login ?? body.pusher?.name,
  title: body.head_commit?.message,
  url: body.compare,
  occurredAt: body.repository?.pushed_at,
});

const branchDrafts = (body: GithubBody, repository: string, branch: string): ObjectDraft[] => {
  const data = present({ ...commonOf(body, repository), branch });
  const attempt = pushMoment(body);
  if (body.deleted || isNoCommit(body.after)) return [{ type: 'branch.deleted', object: branch, attempt, data }];
  const pushed: ObjectDraft = {
    type: 'commit.pushed',
    object: `${branch}@${body.after ?? ''}`,
    attempt: body.before?.replaceAll('/', '') ?? 1,
    data: present({ ...data, paths: pathsOf(body) }),
  };
  const isNew = body.created === true || isNoCommit(body.before);
  return isNew ? [{ type: 'branch.created', object: branch, attempt, data }, pushed] : [pushed];
};

/** A moved tag is told as a new one: workflows that listen to tags run again too. */
const tagDrafts = (body: GithubBody, repository: string, tag: string): Told => {
  if (body.deleted || isNoCommit(body.after)) return ignored('tag deleted');
  return [{ type: 'tag.created', object: tag, attempt: pushMoment(body), data: present({ ...commonOf(body, repository), tag }) }];
};

export const translatePush = (body: GithubBody, repository: { full_name: string }): Told => {
  const [, kind, name] = /^refs\/(heads|tags)\/(.+)$/.exec(body.ref ?? '') ?? [];
  if (!name) return ignored('push to neither branch nor tag');
  return kind === 'heads' ? branchDrafts(body, repository.full_name, name) : tagDrafts(body, repository.full_name, name);
};
