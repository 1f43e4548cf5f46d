import { jsonBody } from '../kit/exchange.js';
import type { Route } from '../kit/routes.js';
import { Shelf } from '../kit/shelf.js';
import type { Answer, Exchange } from '../kit/types.js';
import { notFound, ok, page, refused, unprocessable } from './answers.js';
import { deploymentView, type Deployment } from './deployment-view.js';
import { deploymentStatusRoutes } from './deployment-statuses.route.js';
import type { GithubService } from './service.js';
import { statesOf } from './statuses.route.js';

const FIRST_ID = 50_000_000;

/** Deployments and their statuses. */
export const deploymentRoutes = (service: GithubService): Route[] => {
  const shelf = new Shelf(service.store.table<Deployment>('deployments'), { keyOf: ({ id }) => id, groupOf: ({ repository }) => repository, hasEnded: () => true });
  const find = ({ owner, repo, id }: Record<string, string>): Deployment | undefined => {
    const found = shelf.get(id!);
    return found?.repository === `${owner}/${repo}` ? found : undefined;
  };
  return [
    { on: 'POST /repos/:owner/:repo/deployments', handle: (exchange, { owner, repo }) => create(service, shelf, `${owner}/${repo}`, exchange) },
    { on: 'GET /repos/:owner/:repo/deployments', handle: (exchange, { owner, repo }) => list(service, [...shelf.newest(`${owner}/${repo}`)], `${owner}/${repo}`, exchange) },
    {
      on: 'GET /repos/:owner/:repo/deployments/:id',
      handle: (_exchange, parameters) => {
        const deployment = find(parameters);
        return deployment ? ok(deploymentView(service, deployment)) : notFound();
      },
    },
    ...deploymentStatusRoutes(service, find),
  ];
};

const create = (service: GithubService, shelf: Shelf<Deployment>, repository: string, exchange: Exchange): Answer => {
  const known = service.catalog[repository];
  if (!known) return notFound();
  const order = jsonBody(exchange);
  const ref = order?.['ref'];
  if (!order || typeof ref !== 'string') return unprocessable('Invalid request.\n\n"ref" wasn\'t supplied.');
  const sha = shaOf(service, repository, ref);
  if (sha === undefined) return unprocessable(`No ref found for: ${ref}`);
  const base = service.defaultBranch(repository);
  if (order['auto_merge'] !== false) {
    if (known.conflicting?.includes(ref)) return refused(409, `Conflict merging ${base} into ${ref}.`);
    if (merge(service, repository, ref)) return { status: 202, body: { message: `Auto-merged ${base} into ${ref} on deployment.` } };
  }
  const failed = failedContexts(service, repository, sha, order['required_contexts']);
  if (failed.length > 0) return refused(409, `Conflict: Commit status checks failed for ${ref}.`);
  const deployment = shelf.put(deploymentOf(service, repository, sha, order));
  service.sendEvent('deployment', repository, { action: 'created', deployment: deploymentView(service, deployment) });
  return { status: 201, body: deploymentView(service, deployment) };
};

/** Branches and tags of the catalog, all at the newest commit, and commits as they are. */
const shaOf = (service: GithubService, repository: string, ref: string): string | undefined => {
  if (/^[0-9a-f]{40}$/.test(ref)) return ref;
  const { refs, behind = [], conflicting = [] } = service.catalog[repository]!;
  return [...(refs ?? ['main']), ...behind, ...conflicting].includes(ref) ? service.headOf(repository) : undefined;
};

/** A branch is behind once: when it was merged, that is remembered. */
const merge = (service: GithubService, repository: string, ref: string): boolean => {
  const merged = service.store.table<true>('merged-branches');
  if (!service.catalog[repository]!.behind?.includes(ref) || merged.get(`${repository} ${ref}`)) return false;
  merged.put(`${repository} ${ref}`, true);
  return true;
};

/** Of the named contexts, or else of all that the commit has, those that are not green. */
const failedContexts = (service: GithubService, repository: string, sha: string, required: unknown): string[] => {
  const states = statesOf(service, repository, sha);
  const contexts = Array.isArray(required) ? (required as string[]) : [...states.keys()];
  return contexts.filter((context) => states.get(context) !== 'success');
};

const deploymentOf = (service: GithubService, repository: string, sha: string, order: Record<string, unknown>): Deployment => {
  const environment = (order['environment'] as string | undefined) ?? 'production';
  return {
    id: service.store.next('deployment', FIRST_ID), repository, sha, environment, ref: order['ref'] as string,
    task: (order['task'] as string | undefined) ?? 'deploy', payload: (order['payload'] as Deployment['payload'] | undefined) ?? {},
    description: (order['description'] as string | undefined) ?? null, created_at: new Date().toISOString(),
    transient_environment: order['transient_environment'] === true,
    production_environment: (order['production_environment'] as boolean | undefined) ?? environment === 'production',
  };
};

const list = (service: GithubService, newest: Deployment[], repository: string, exchange: Exchange): Answer => {
  if (!service.catalog[repository]) return notFound();
  const wanted = ['sha', 'ref', 'task', 'environment'] as const;
  const found = newest.filter((deployment) => wanted.every((name) => [null, 'none', deployment[name]].includes(exchange.query.get(name))));
  const { items, headers } = page(found, exchange.query, `${service.root()}${exchange.path}`);
  return ok(items.map((deployment) => deploymentView(service, deployment)), headers);
};
