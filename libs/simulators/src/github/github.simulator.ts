import { createHash, randomUUID } from 'node:crypto';
import { jsonBody } from '../kit/exchange.js';
import type { HookRecord } from '../kit/hooks.js';
import { githubSignature } from '../kit/signatures.js';
import { runSimulator, type PlatformBehaviour, type Workshop } from '../kit/simulator.js';
import type { Answer, Exchange, RunningSimulator, SimulatorOptions } from '../kit/types.js';
import { answer, apiRoutes } from './api.js';
import { GithubApp, type GithubAppOptions } from './app.js';
import type { GithubCatalog } from './catalog.js';
import type { GithubRun } from './github-run.js';
import { hookHeaders, runHooks } from './hook-payloads.js';
import { type GithubPush, push } from './push.js';
import { rateLimit, secondaryLimit } from './rate-limit.js';
import { GithubRuns } from './runs.js';
import { runView } from './run-view.js';
import type { GithubService } from './service.js';
import { repositoryView, userView } from './views.js';
import { Webhooks, webhookView } from './webhooks.js';

export type { GithubRepository, GithubWorkflow } from './catalog.js';

export interface GithubSimulatorOptions extends SimulatorOptions {
  /** The one token that is good; any other is answered with 401. */
  token: string;
  /** Signs the webhooks. */
  hookSecret: string;
  /** An App; the tokens of its installation are good as well. */
  app?: GithubAppOptions;
  /** By `owner/name`; anything else is 404. */
  repositories: GithubCatalog;
  /** Whom the token belongs to. Default `stellwerk-bot`. */
  login?: string;
  /** Calls an hour. Default 5,000; 0: no limit, as on an Enterprise Server. */
  rateLimit?: number;
  /** GitHub's are 900. Default: not limited. */
  pointsPerMinute?: number;
  /** True: `hookUrl` is a webhook of each owner, not of each repository. */
  organizationHooks?: boolean;
  /** True: `hookUrl` is the webhook of the App. */
  appHook?: boolean;
  /** False: an older Enterprise Server, which knows no `return_run_details` and always says 204. */
  runDetails?: boolean;
  /** New runs show up in lists only after this; GitHub's lists lag by a second or two. Default 0. */
  listLagMilliseconds?: number;
}

/** GitHub: its REST API at the root (and, as on an Enterprise Server, below `/api/v3`), its web pages for runs, its webhooks. */
export const startGithubSimulator = (options: GithubSimulatorOptions): Promise<RunningSimulator> => {
  let webhooks: Webhooks | undefined;
  return runSimulator({
    name: 'github',
    options,
    urlOf: (hook) => webhooks?.sender(hook.headers)?.url,
    sign: (hook: HookRecord): Record<string, string> => {
      const secret = webhooks?.sender(hook.headers)?.secret;
      return secret === undefined ? {} : { 'x-hub-signature-256': githubSignature(secret, hook.body) };
    },
    build: (workshop) => {
      webhooks = new Webhooks(workshop.store);
      if (options.hookUrl) webhooks.seed(Object.keys(options.repositories), { ...options, url: options.hookUrl, secret: options.hookSecret });
      return behaviour(workshop, options, webhooks);
    },
  });
};

const behaviour = (workshop: Workshop, options: GithubSimulatorOptions, webhooks: Webhooks): PlatformBehaviour => {
  const service = serviceOf(workshop, options, webhooks);
  const { app } = service;
  const routes = apiRoutes(service);
  const limits = { primary: rateLimit(options.rateLimit ?? 5000), secondary: secondaryLimit(options.pointsPerMinute) };
  return {
    handle: (exchange) => answer(service, routes, limits, options.token, exchange),
    runs: () => [...service.runs.newest()].map((run) => runView(service.view, run)),
    push: (order) => push(service, order as GithubPush),
    resume: () => service.runs.resume(),
    control: [
      { on: 'POST /_simulator/events', handle: (exchange) => sendAnyEvent(service, exchange) },
      { on: 'DELETE /_simulator/tokens', handle: () => (app?.revokeAll(), { status: 204 }) },
    ],
  };
};

const serviceOf = (workshop: Workshop, options: GithubSimulatorOptions, webhooks: Webhooks): GithubService => {
  const catalog = options.repositories;
  const defaultBranch = (repository: string): string => catalog[repository]?.defaultBranch ?? catalog[repository]?.refs?.[0] ?? 'main';
  const view = { root: '', workflowName: (run: GithubRun) => catalog[run.repository]?.workflows[run.workflow]?.name ?? run.workflow, defaultBranch };
  Object.defineProperty(view, 'root', { get: workshop.url });
  const send = (event: string, about: string, repository: string, body: unknown): void => {
    // What happened has one id, whichever webhooks tell of it.
    const delivery = randomUUID();
    for (const webhook of webhooks.receivers(repository, event)) workshop.hooks.send({ event, about, body, delivery, headers: hookHeaders(event, delivery, webhook) });
  };
  const service: GithubService = {
    catalog,
    view,
    defaultBranch,
    store: workshop.store,
    hooks: workshop.hooks,
    webhooks,
    ping: (webhook) => {
      const delivery = randomUUID();
      const body = { zen: 'Keep it logically awesome.', hook_id: webhook.id, hook: webhookView(workshop.url(), webhook) };
      workshop.hooks.send({ event: 'ping', about: `ping ${webhook.id}`, body, delivery, headers: hookHeaders('ping', delivery, webhook) });
    },
    outcomes: workshop.outcomes,
    app: options.app && new GithubApp(options.app, workshop.store),
    login: options.login ?? 'stellwerk-bot',
    runDetails: options.runDetails ?? true,
    listLagMilliseconds: options.listLagMilliseconds ?? 0,
    root: workshop.url,
    runs: new GithubRuns(workshop, (run, action) => {
      for (const hook of runHooks(view, run, action)) send(hook.event, hook.about, run.repository, hook.body);
    }),
    headOf: (repository) => {
      for (const run of service.runs.newest(repository)) if (run.branch === defaultBranch(repository)) return run.sha;
      return createHash('sha1').update(repository).digest('hex');
    },
    sendEvent: (event, repository, payload) =>
      send(event, `${event} ${String(payload['action'] ?? '')}`, repository, {
        ...payload,
        repository: payload['repository'] ?? repositoryView(workshop.url(), repository, defaultBranch(repository)),
        sender: payload['sender'] ?? userView(workshop.url(), 'octocat'),
      }),
  };
  return service;
};

const sendAnyEvent = (service: GithubService, exchange: Exchange): Answer => {
  const { event, repository, payload } = (jsonBody(exchange) ?? {}) as { event?: string; repository?: string; payload?: Record<string, unknown> };
  if (!event || !payload) throw new Error('event and payload are expected');
  service.sendEvent(event, repository ?? Object.keys(service.catalog)[0]!, payload);
  return { status: 204 };
};
