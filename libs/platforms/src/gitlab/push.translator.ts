import { changedPaths, isNoCommit } from '../shared/changed-paths.js';
import { ignored, type Told } from '../shared/drafts.js';
import { present } from '../shared/read.js';
import type { GitlabBody } from './payload.js';
import { actorOf, webUrlOf } from './projects.js';

/** GitLab sends at most 20 commits and says how many there were. */
const pathsOf = ({ commits, total_commits_count: total }: GitlabBody): string[] | undefined =>
  commits && commits.length > 0 && total !== undefined && total <= commits.length ? changedPaths(commits) : undefined;

const plain = (sha: string | undefined): string | number => sha?.replaceAll('/', '') ?? 1;

const commonOf = (body: GitlabBody, project: string) => ({
  repository: project,
  cause: 'push' as const,
  fork: false,
  actor: actorOf(body),
  title: body.commit?.title,
  url: webUrlOf(body),
});

export const translatePush = (body: GitlabBody, project: string): Told => {
  const branch = /^refs\/heads\/(.+)$/.exec(body.ref ?? '')?.[1];
  if (!branch) return ignored('push to no branch');
  const data = present({ ...commonOf(body, project), branch });
  if (isNoCommit(body.after)) return [{ type: 'branch.deleted', object: branch, attempt: plain(body.before), data }];
  const sha = body.checkout_sha ?? body.after;
  const withCommit = present({ ...data, sha });
  const pushed = {
    type: 'commit.pushed' as const, object: `${branch}@${sha ?? ''}`, attempt: plain(body.before),
    data: present({ ...withCommit, paths: pathsOf(body) }),
  };
  if (!isNoCommit(body.before)) return [pushed];
  return [{ type: 'branch.created', object: branch, attempt: plain(sha), data: withCommit }, pushed];
};

/** `checkout_sha` is the commit; of an annotated tag `after` is the tag itself. */
export const translateTagPush = (body: GitlabBody, project: string): Told => {
  const tag = /^refs\/tags\/(.+)$/.exec(body.ref ?? '')?.[1];
  if (!tag) return ignored('push of no tag');
  if (isNoCommit(body.after)) return ignored('tag deleted');
  const data = present({ ...commonOf(body, project), tag, sha: body.checkout_sha ?? body.after });
  return [{ type: 'tag.created', object: tag, attempt: plain(body.after), data }];
};
