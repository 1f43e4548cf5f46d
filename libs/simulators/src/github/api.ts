import { randomUUID } from 'node:crypto';
import { runPage } from '../kit/pages.js';
import { findRoute, type Route } from '../kit/routes.js';
import type { Answer, Exchange } from '../kit/types.js';
import { notFound, ok, refused } from './answers.js';
import { deliveryRoutes } from './deliveries.route.js';
import { bearerOf } from './app.js';
import { appHookRoutes } from './app-hook.route.js';
import { appRoutes } from './app.route.js';
import { checkRunRoutes } from './check-runs.route.js';
import { commentRoutes } from './comments.route.js';
import { deploymentRoutes } from './deployments.route.js';
import { dispatchWorkflow } from './dispatch.route.js';
import { currentAttempt } from './github-run.js';
import type { RateLimit, secondaryLimit } from './rate-limit.js';
import { dispatchRepository } from './repository-dispatch.route.js';
import { runRoutes } from './runs.route.js';
import type { GithubService } from './service.js';
import { webhookRoutes } from './webhooks.route.js';
import { statusRoutes } from './statuses.route.js';
import { repositoryView, userView } from './views.js';

/** The REST API. */
export const apiRoutes = (service: GithubService): Route[] => [
  {
    on: 'GET /user',
    handle: (exchange) => (isInstallation(service, exchange) ? refused(403, 'Resource not accessible by integration') : ok(userView(service.root(), service.login))),
  },
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
  ...deploymentRoutes(service),
  ...commentRoutes(service),
  ...checkRunRoutes(service),
  ...webhookRoutes(service),
  ...deliveryRoutes(service),
];

const WEB_PAGES: Route[] = [{ on: 'GET /:owner/:repo/actions/runs/:id', handle: () => notFound() }];

/** A page for a run, or the API's answer with the headers that GitHub puts on each. */
export const answer = async (
  service: GithubService,
  routes: Route[],
  limits: { primary: RateLimit; secondary: ReturnType<typeof secondaryLimit> },
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
  const own = findRoute([...appRoutes(service.app), ...appHookRoutes(service)], exchange.method, apiPath(exchange));
  if (own) return withHeaders(await own.route.handle(exchange, own.parameters), common);
  if (bearerOf(exchange) !== token && !isInstallation(service, exchange))
    return withHeaders(refused(401, exchange.headers['authorization'] ? 'Bad credentials' : 'Requires authentication'), common);
  if (exchange.method === 'GET' && apiPath(exchange) === '/rate_limit') {
    const { body, headers } = limits.primary.look(new Date());
    return withHeaders(ok(body, headers), common);
  }
  const state = limits.primary.count(new Date());
  if (state.exceeded) return withHeaders(refused(403, 'API rate limit exceeded for user ID 1.'), { ...common, ...state.headers });
  const waitSeconds = limits.secondary(exchange.method, apiPath(exchange), new Date());
  if (waitSeconds > 0) {
    return withHeaders(refused(403, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'), {
      ...common, ...state.headers, 'retry-after': String(waitSeconds),
    });
  }
  const found = findRoute(routes, exchange.method, apiPath(exchange));
  return withHeaders(found ? await found.route.handle(exchange, found.parameters) : notFound(), { ...common, ...state.headers });
};

/** Enterprise Server has the API below `/api/v3`. */
const apiPath = ({ path }: Exchange): string => path.replace(/^\/api\/v3(?=\/)/, '');

const isInstallation = ({ app }: GithubService, exchange: Exchange): boolean => app?.hasSent(exchange) ?? false;

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
