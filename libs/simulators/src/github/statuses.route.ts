import { jsonBody } from '../kit/exchange.js';
import type { Route } from '../kit/routes.js';
import { Shelf } from '../kit/shelf.js';
import type { Answer, Exchange } from '../kit/types.js';
import { notFound, ok, page, unprocessable } from './answers.js';
import type { GithubService } from './service.js';
import { nodeId, userView } from './views.js';

const STATES = ['error', 'failure', 'pending', 'success'];
const MAX_PER_CONTEXT = 1000;
const MAX_DESCRIPTION = 140;

interface CommitStatus {
  id: number;
  repository: string;
  sha: string;
  state: string;
  context: string;
  target_url: string | null;
  description: string | null;
  created_at: string;
}

/** The last state of each context of a commit, as the routes have set it. */
export const statesOf = ({ store }: GithubService, repository: string, sha: string): Map<string, string> =>
  new Map(store.table<CommitStatus>('statuses').values().filter((status) => status.repository === repository && status.sha === sha).map(({ context, state }) => [context, state]));

/** Commit statuses: what `report` leaves on a commit. */
export const statusRoutes = (service: GithubService): Route[] => {
  const shelf = new Shelf(service.store.table<CommitStatus>('statuses'), { keyOf: ({ id }) => id, groupOf: ({ repository, sha }) => `${repository} ${sha}`, hasEnded: () => true });
  const of = (repository: string, sha: string): CommitStatus[] => [...shelf.newest(`${repository} ${sha}`)];
  return [
    {
      on: 'POST /repos/:owner/:repo/statuses/:sha',
      handle: (exchange, { owner, repo, sha }) => create(service, shelf, `${owner}/${repo}`, sha!, exchange),
    },
    {
      on: 'GET /repos/:owner/:repo/commits/:sha/statuses',
      handle: (exchange, { owner, repo, sha }) => list(service, of(`${owner}/${repo}`, sha!), `${owner}/${repo}`, exchange),
    },
  ];
};

const create = (service: GithubService, shelf: Shelf<CommitStatus>, repository: string, sha: string, exchange: Exchange): Answer => {
  if (!service.catalog[repository]) return notFound();
  const order = jsonBody(exchange) as Partial<CommitStatus> | undefined;
  if (!/^[0-9a-f]{40}$/.test(sha)) return unprocessable('No commit found for SHA: ' + sha);
  if (!order || !STATES.includes(order.state ?? '')) return unprocessable('Validation Failed');
  if ((order.description ?? '').length > MAX_DESCRIPTION)
    return unprocessable('Validation Failed: description is too long (maximum is 140 characters)');
  const context = order.context ?? 'default';
  const before = [...shelf.newest(`${repository} ${sha}`)].filter((status) => status.context === context);
  if (before.length >= MAX_PER_CONTEXT) return unprocessable('Validation Failed: This SHA and context has reached the maximum number of statuses.');
  const id = service.store.next('status', 30_000_000);
  const status = shelf.put({
    id,
    repository,
    sha,
    context,
    state: order.state!,
    target_url: order.target_url ?? null,
    description: order.description ?? null,
    created_at: new Date().toISOString(),
  });
  return { status: 201, body: view(service, status) };
};

const list = (service: GithubService, statuses: CommitStatus[], repository: string, exchange: Exchange): Answer => {
  if (!service.catalog[repository]) return notFound();
  const { items, headers } = page(statuses, exchange.query, `${service.root()}${exchange.path}`);
  return ok(
    items.map((status) => view(service, status)),
    headers,
  );
};

const view = (service: GithubService, status: CommitStatus): Record<string, unknown> => {
  const { repository, sha, ...rest } = status;
  const creator = userView(service.root(), service.login);
  return {
    ...rest,
    url: `${service.root()}/repos/${repository}/statuses/${sha}`,
    avatar_url: creator['avatar_url'],
    node_id: nodeId('StatusContext', status.id),
    updated_at: status.created_at,
    creator,
  };
};
