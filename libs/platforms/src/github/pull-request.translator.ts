import { ignored, type ObjectDraft, type Told } from '../shared/drafts.js';
import { toTheSecond } from '../shared/instants.js';
import { present } from '../shared/read.js';
import { isFork } from './forks.js';
import type { GithubBody } from './payload.js';

type Pull = NonNullable<GithubBody['pull_request']>;
type Predicate = 'created' | 'updated' | 'merged' | 'abandoned';

const predicateOf = (action: string | undefined, pull: Pull): Predicate | undefined => {
  switch (action) {
    case 'opened':
    case 'reopened':
      return 'created';
    case 'synchronize':
    case 'edited':
      return 'updated';
    case 'closed':
      return pull.merged ? 'merged' : 'abandoned';
    default:
      return undefined;
  }
};

const moment = (iso: string | undefined): string | number => (iso === undefined ? 1 : toTheSecond(iso));

/** Opened and merged happen once; the others again and again. */
const attemptOf = (action: string | undefined, predicate: Predicate, pull: Pull): string | number => {
  if (predicate === 'merged' || action === 'opened') return 1;
  if (action === 'synchronize') return pull.head?.sha?.replaceAll('/', '') ?? 1;
  return moment(predicate === 'abandoned' ? pull.closed_at : pull.updated_at);
};

const dataOf = (body: GithubBody, pull: Pull, number: number, repository: string, predicate: Predicate): ObjectDraft['data'] =>
  present({
    repository,
    branch: pull.head?.ref,
    base: pull.base?.ref,
    sha: (predicate === 'merged' ? pull.merge_commit_sha : undefined) ?? pull.head?.sha,
    cause: 'change',
    fork: isFork(pull.head?.repo, pull.base?.repo),
    actor: body.sender?.login,
    title: pull.title,
    url: pull.html_url,
    change: present({ number, url: pull.html_url, title: pull.title }),
    occurredAt: (body.action === 'closed' ? pull.closed_at : undefined) ?? pull.updated_at,
    raw: present({ action: body.action, state: pull.state, draft: pull.draft }),
  });

export const translatePullRequest = (body: GithubBody, repository: { full_name: string }): Told => {
  const pull = body.pull_request;
  if (pull?.number === undefined) return ignored('pull request without a number');
  const predicate = predicateOf(body.action, pull);
  if (!predicate) return ignored('action not used');
  const data = dataOf(body, pull, pull.number, repository.full_name, predicate);
  return [{ type: `change.${predicate}`, object: String(pull.number), attempt: attemptOf(body.action, predicate, pull), data }];
};
