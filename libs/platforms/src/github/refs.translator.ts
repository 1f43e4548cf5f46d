import { ignored, type Told } from '../shared/drafts.js';
import { present } from '../shared/read.js';
import type { GithubBody } from './payload.js';
import { pushMoment } from './push.translator.js';

const dataOf = (body: GithubBody, repository: string) => ({
  repository,
  cause: 'push' as const,
  fork: false,
  actor: body.sender?.login,
  url: body.repository?.html_url,
  occurredAt: body.repository?.pushed_at,
});

/** The hook `create`: no commit stands in it. */
export const translateCreate = (body: GithubBody, repository: { full_name: string }): Told => {
  const { ref } = body;
  if (!ref) return ignored('reference without a name');
  const attempt = pushMoment(body);
  const data = dataOf(body, repository.full_name);
  if (body.ref_type === 'branch') return [{ type: 'branch.created', object: ref, attempt, data: present({ ...data, branch: ref }) }];
  if (body.ref_type === 'tag') return [{ type: 'tag.created', object: ref, attempt, data: present({ ...data, tag: ref }) }];
  return ignored('neither branch nor tag');
};

/** The hook `delete`. */
export const translateDelete = (body: GithubBody, repository: { full_name: string }): Told => {
  const { ref } = body;
  if (!ref) return ignored('reference without a name');
  if (body.ref_type !== 'branch') return ignored('tag deleted');
  const data = present({ ...dataOf(body, repository.full_name), branch: ref });
  return [{ type: 'branch.deleted', object: ref, attempt: pushMoment(body), data }];
};
