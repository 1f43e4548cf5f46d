import { ignored, type Told } from '../shared/drafts.js';
import { present } from '../shared/read.js';
import type { GitlabBody } from './payload.js';
import { actorOf } from './projects.js';

export const translateRelease = (body: GitlabBody, project: string): Told => {
  if (body.action !== 'create') return ignored('action not used');
  const tag = typeof body.tag === 'string' ? body.tag : undefined;
  const object = body.id ?? tag;
  if (object === undefined) return ignored('release without an id');
  const data = present({
    repository: project,
    tag,
    sha: body.commit?.id,
    actor: actorOf(body),
    title: body.name ?? tag,
    url: body.url,
    occurredAt: body.released_at ?? body.created_at,
    raw: present({ action: body.action }),
  });
  return [{ type: 'release.published', object, data }];
};
