import { randomUUID } from 'node:crypto';
import { runPage } from '../kit/pages.js';
import { findRoute, type Route } from '../kit/routes.js';
import type { Answer, Exchange } from '../kit/types.js';
import { notFound, ok, refused } from './answers.js';
import { deliveryRoutes } from './deliveries.route.js';
import { dispatchRepository, dispatchWorkflow } from './dispatch.route.js';
import { currentAttempt } from './github-run.js';
import type { rateLimit, secondaryLimit } from './rate-limit.js';
import { runRoutes } from './runs.route.js';
import type { GithubService } from './service.js';
import { webhookRoutes } from './webhooks.route.js';
import { statusRoutes } from './statuses.route.js';
import { repositoryView, userView } from './views.js';

/** The REST API. */
export const apiRoutes = (service: GithubService): Route[] => [
  { on: 'GET /user', handle: () => ok(userView(service.root(), service.login)) },
  {
    on: 'GET /repos/:owner/:repo',
    handle: (_exchange, { owner, repo }) =>
      service.catalog[`${owner}/${repo}`]
        ? ok(repositoryView(service.root(), `${owner}/${repo}`, service.defaultBranch(`${owner}/${repo}`)))
        : notFound(),
  },
  {
    on: 'POST /repos/:owner/:repo/actions/workflows/:workflow/dispatches',
    handle: (exchange, parameters) => dispatchWorkflow(service, exchange, parameters),
  },
  { on: 'POST /repos/:owner/:repo/dispatches', handle: (exchange, parameters) => dispatchRepository(service, exchange, parameters) },
  ...runRoutes(service),
  ...statusRoutes(service),
  ...webhookRoutes(service),
  ...deliveryRoutes(service),
];

const WEB_PAGES: Route[] = [{ on: 'GET /:owner/:repo/actions/runs/:id', handle: () => notFound() }];

/** A page for a run, or the API's answer with the headers that GitHub puts on each. */
export const answer = async (
  service: GithubService,
  routes: Route[],
  limits: { primary: ReturnType<typeof rateLimit>; secondary: ReturnType<typeof secondaryLimit> },
  token: string,
  exchange: Exchange,
): Promise<Answer> => {
  const page = findRoute(WEB_PAGES, exchange.method, exchange.path);
  if (page && page.parameters['owner'] !== 'repos') return webPage(service, page.parameters);
  const common = {
    'x-github-request-id': randomUUID().slice(0, 23).toUpperCase(),
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': exchange.headers['x-github-api-version'] ?? '2022-11-28',
  };
  if (!authorized(exchange, token))
    return withHeaders(refused(401, exchange.headers['authorization'] ? 'Bad credentials' : 'Requires authentication'), common);
  const state = limits.primary(new Date());
  if (state.exceeded) return withHeaders(refused(403, 'API rate limit exceeded for user ID 1.'), { ...common, ...state.headers });
  const waitSeconds = limits.secondary(exchange.method, exchange.path, new Date());
  if (waitSeconds > 0) {
    return withHeaders(refused(403, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'), {
      ...common, ...state.headers, 'retry-after': String(waitSeconds),
    });
  }
  const found = findRoute(routes, exchange.method, exchange.path.replace(/^\/api\/v3(?=\/)/, ''));
  return withHeaders(found ? await found.route.handle(exchange, found.parameters) : notFound(), { ...common, ...state.headers });
};

const authorized = (exchange: Exchange, token: string): boolean =>
  /^(?:bearer|token) (.+)$/i.exec(exchange.headers['authorization'] ?? '')?.[1] === token;

const withHeaders = (answer: Answer, headers: Record<string, string>): Answer => ({ ...answer, headers: { ...headers, ...answer.headers } });

const webPage = (service: GithubService, { owner, repo, id }: Record<string, string>): Answer => {
  const run = service.runs.find(`${owner}/${repo}`, id!);
  if (!run) return { status: 404, body: 'Not Found' };
  const { status, conclusion, number } = currentAttempt(run);
  return runPage(`${service.view.workflowName(run)} #${run.number}`, {
    repository: run.repository,
    title: run.title,
    branch: run.branch,
    commit: run.sha,
    status,
    conclusion,
    attempt: number,
    actor: run.actor,
  });
};
