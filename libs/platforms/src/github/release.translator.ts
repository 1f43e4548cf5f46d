import { ignored, type Told } from '../shared/drafts.js';
import { present } from '../shared/read.js';
import type { GithubBody } from './payload.js';

const isCommit = (ref: string | undefined): boolean => ref !== undefined && /^[0-9a-f]{40}$/.test(ref);

export const translateRelease = (body: GithubBody, repository: { full_name: string }): Told => {
  const { release } = body;
  if (body.action !== 'published') return ignored('action not used');
  if (release?.id === undefined) return ignored('release without an id');
  const target = release.target_commitish;
  const data = present({
    repository: repository.full_name,
    tag: release.tag_name,
    ...(isCommit(target) ? { sha: target } : { branch: target }),
    actor: release.author?.login ?? body.sender?.login,
    title: release.name ?? release.tag_name,
    url: release.html_url,
    occurredAt: release.published_at,
    raw: present({ action: body.action, prerelease: release.prerelease }),
  });
  return [{ type: 'release.published', object: release.id, data }];
};
