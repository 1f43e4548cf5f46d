import { createHash, randomUUID } from 'node:crypto';
import type { HookRecord } from '../kit/hooks.js';
import { runPage } from '../kit/pages.js';
import { findRoute, type Route } from '../kit/routes.js';
import { githubSignature } from '../kit/signatures.js';
import { runSimulator, type PlatformBehaviour, type Workshop } from '../kit/simulator.js';
import type { Answer, Exchange, RunningSimulator, SimulatorOptions } from '../kit/types.js';
import { jsonBody } from '../kit/exchange.js';
import { notFound, ok, refused } from './answers.js';
import { numberOf } from '../kit/numbers.js';
import type { GithubCatalog } from './catalog.js';
import { deliveryRoutes } from './deliveries.route.js';
import { dispatchRepository, dispatchWorkflow } from './dispatch.route.js';
import { currentAttempt, type GithubRun } from './github-run.js';
import { hookHeaders, runHooks } from './hook-payloads.js';
import { type GithubPush, push } from './push.js';
import { rateLimit } from './rate-limit.js';
import { GithubRuns } from './runs.js';
import { runRoutes } from './runs.route.js';
import { runView } from './run-view.js';
import type { GithubService } from './service.js';
import { statusRoutes } from './statuses.route.js';
import { repositoryView, userView } from './views.js';

export type { GithubRepository, GithubWorkflow } from './catalog.js';

export interface GithubSimulatorOptions extends SimulatorOptions {
  /** The one token that is good; any other is answered with 401. */
  token: string;
  /** Signs the webhooks. */
  hookSecret: string;
  /** By `owner/name`; anything else is 404. */
  repositories: GithubCatalog;
  /** Whom the token belongs to. Default `stellwerk-bot`. */
  login?: string;
  /** Calls an hour. Default 5,000. */
  rateLimit?: number;
}

/** GitHub: its REST API at the root (and, as on an Enterprise Server, below `/api/v3`), its web pages for runs, its webhooks. */
export const startGithubSimulator = (options: GithubSimulatorOptions): Promise<RunningSimulator> =>
  runSimulator({
    name: 'github', options, hookUrl: options.hookUrl,
    sign: (hook: HookRecord) => ({ 'x-hub-signature-256': githubSignature(options.hookSecret, hook.body) }),
    build: (workshop) => behaviour(workshop, options),
  });

const behaviour = (workshop: Workshop, options: GithubSimulatorOptions): PlatformBehaviour => {
  const service = serviceOf(workshop, options);
  const routes = apiRoutes(service);
  const limit = rateLimit(options.rateLimit ?? 5000);
  return {
    handle: (exchange) => answer(service, routes, limit, options.token, exchange),
    runs: () => service.runs.list().map((run) => runView(service.view, run)),
    push: (order) => push(service, order as GithubPush),
    resume: () => service.runs.resume(),
    control: [{ on: 'POST /_simulator/events', handle: (exchange) => sendAnyEvent(service, exchange) }],
  };
};

const serviceOf = (workshop: Workshop, options: GithubSimulatorOptions): GithubService => {
  const catalog = options.repositories;
  const defaultBranch = (repository: string): string => catalog[repository]?.defaultBranch ?? catalog[repository]?.refs?.[0] ?? 'main';
  const view = { root: '', workflowName: (run: GithubRun) => catalog[run.repository]?.workflows[run.workflow]?.name ?? run.workflow, defaultBranch };
  Object.defineProperty(view, 'root', { get: workshop.url });
  const send = (event: string, about: string, repository: string, body: unknown): void => {
    const delivery = randomUUID();
    workshop.hooks.send({ event, about, body, delivery, headers: hookHeaders(event, delivery, numberOf(repository)) });
  };
  const service: GithubService = {
    catalog, view, defaultBranch, store: workshop.store, hooks: workshop.hooks, outcomes: workshop.outcomes, login: options.login ?? 'stellwerk-bot', root: workshop.url,
    runs: new GithubRuns(workshop, (run, action) => {
      for (const hook of runHooks(view, run, action)) send(hook.event, hook.about, run.repository, hook.body);
    }),
    headOf: (repository) => service.runs.list(repository).find((run) => run.branch === defaultBranch(repository))?.sha ?? createHash('sha1').update(repository).digest('hex'),
    sendEvent: (event, repository, payload) => send(event, `${event} ${String(payload['action'] ?? '')}`, repository, {
      ...payload, repository: payload['repository'] ?? repositoryView(workshop.url(), repository, defaultBranch(repository)), sender: payload['sender'] ?? userView(workshop.url(), 'octocat'),
    }),
  };
  return service;
};

const apiRoutes = (service: GithubService): Route[] => [
  { on: 'GET /user', handle: () => ok(userView(service.root(), service.login)) },
  { on: 'GET /repos/:owner/:repo', handle: (_exchange, { owner, repo }) => (service.catalog[`${owner}/${repo}`] ? ok(repositoryView(service.root(), `${owner}/${repo}`, service.defaultBranch(`${owner}/${repo}`))) : notFound()) },
  { on: 'POST /repos/:owner/:repo/actions/workflows/:workflow/dispatches', handle: (exchange, parameters) => dispatchWorkflow(service, exchange, parameters) },
  { on: 'POST /repos/:owner/:repo/dispatches', handle: (exchange, parameters) => dispatchRepository(service, exchange, parameters) },
  ...runRoutes(service),
  ...statusRoutes(service),
  ...deliveryRoutes(service),
];

const answer = async (service: GithubService, routes: Route[], limit: ReturnType<typeof rateLimit>, token: string, exchange: Exchange): Promise<Answer> => {
  const page = findRoute([{ on: 'GET /:owner/:repo/actions/runs/:id', handle: (_exchange, parameters) => webPage(service, parameters) }], exchange.method, exchange.path);
  if (page && page.parameters['owner'] !== 'repos') return page.route.handle(exchange, page.parameters);
  const common = { 'x-github-request-id': randomUUID().slice(0, 23).toUpperCase(), 'x-github-media-type': 'github.v3; format=json', 'x-github-api-version-selected': exchange.headers['x-github-api-version'] ?? '2022-11-28' };
  if (!authorized(exchange, token)) return withHeaders(refused(401, exchange.headers['authorization'] ? 'Bad credentials' : 'Requires authentication'), common);
  const state = limit(new Date());
  if (state.exceeded) return withHeaders(refused(403, 'API rate limit exceeded for user ID 1.'), { ...common, ...state.headers });
  const found = findRoute(routes, exchange.method, exchange.path.replace(/^\/api\/v3(?=\/)/, ''));
  return withHeaders(found ? await found.route.handle(exchange, found.parameters) : notFound(), { ...common, ...state.headers });
};

const authorized = (exchange: Exchange, token: string): boolean => /^(?:bearer|token) (.+)$/i.exec(exchange.headers['authorization'] ?? '')?.[1] === token;

const withHeaders = (answer: Answer, headers: Record<string, string>): Answer => ({ ...answer, headers: { ...headers, ...answer.headers } });

const webPage = (service: GithubService, { owner, repo, id }: Record<string, string>): Answer => {
  const run = service.runs.find(`${owner}/${repo}`, id!);
  if (!run) return { status: 404, body: 'Not Found' };
  const { status, conclusion, number } = currentAttempt(run);
  return runPage(`${service.view.workflowName(run)} #${run.number}`, { repository: run.repository, title: run.title, branch: run.branch, commit: run.sha, status, conclusion, attempt: number, actor: run.actor });
};

const sendAnyEvent = (service: GithubService, exchange: Exchange): Answer => {
  const { event, repository, payload } = (jsonBody(exchange) ?? {}) as { event?: string; repository?: string; payload?: Record<string, unknown> };
  if (!event || !payload) throw new Error('event and payload are expected');
  service.sendEvent(event, repository ?? Object.keys(service.catalog)[0]!, payload);
  return { status: 204 };
};
