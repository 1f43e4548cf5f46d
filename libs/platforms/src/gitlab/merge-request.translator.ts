import { ignored, type ObjectDraft, type Told } from '../shared/drafts.js';
import { toTheSecond } from '../shared/instants.js';
import { present, type ReadBy } from '../shared/read.js';
import { gitlabChange, type GitlabBody } from './payload.js';
import { actorOf, isForkOf } from './projects.js';

type Change = ReadBy<typeof gitlabChange>;

const BY_ACTION: Readonly<Record<string, 'created' | 'updated' | 'merged' | 'abandoned'>> = {
  open: 'created', reopen: 'created', update: 'updated', merge: 'merged', close: 'abandoned',
};

/** Opened and merged happen once; the others again and again. */
const attemptOf = (change: Change): string | number => {
  if (change.action === 'open' || change.action === 'merge' || change.updated_at === undefined) return 1;
  return toTheSecond(change.updated_at);
};

const dataOf = (body: GitlabBody, change: Change, number: number, project: string): ObjectDraft['data'] =>
  present({
    repository: project,
    branch: change.source_branch,
    base: change.target_branch,
    sha: (change.action === 'merge' ? change.merge_commit_sha : undefined) ?? change.last_commit?.id,
    cause: 'change',
    fork: isForkOf(change),
    actor: actorOf(body),
    title: change.title,
    url: change.url,
    change: present({ number, url: change.url, title: change.title }),
    occurredAt: change.updated_at,
    raw: present({ action: change.action, state: change.state, draft: change.draft }),
  });

export const translateMergeRequest = (body: GitlabBody, project: string, whole: Record<string, unknown>): Told => {
  const change = gitlabChange(whole['object_attributes']);
  if (change?.iid === undefined) return ignored('merge request without a number');
  const predicate = change.action !== undefined && Object.hasOwn(BY_ACTION, change.action) ? BY_ACTION[change.action] : undefined;
  if (!predicate) return ignored('action not used');
  const data = dataOf(body, change, change.iid, project);
  return [{ type: `change.${predicate}`, object: String(change.iid), attempt: attemptOf(change), data }];
};
