import { randomUUID } from 'node:crypto';
import { jsonBody } from '../kit/exchange.js';
import type { HookRecord } from '../kit/hooks.js';
import { standardWebhookHeaders } from '../kit/signatures.js';
import { runSimulator, type PlatformBehaviour, type Workshop } from '../kit/simulator.js';
import type { Answer, Exchange, RunningSimulator, SimulatorOptions } from '../kit/types.js';
import { issueCrumb, refusalOf } from './access.js';
import { html, notFound, redirect } from './answers.js';
import { Builds } from './builds.js';
import { apiJson, itemRoute, meView, rootView } from './items.route.js';
import { findItem, type JenkinsCatalog } from './job.js';
import { notifications } from './notifications.js';
import type { JenkinsService } from './service.js';
import { queueView } from './queue-view.js';
import { buildView } from './views.js';

export type { JenkinsJob } from './job.js';

export interface JenkinsSimulatorOptions extends SimulatorOptions {
  user: string;
  /** API token: no crumb needed. */
  token: string;
  /** With it instead of the token, POSTs need a crumb. */
  password?: string;
  /** Signs webhooks (Standard Webhooks, `whsec_…`), as the documented pipeline snippet does. */
  hookSecret?: string;
  /** Sent as `?token=`, as the notification plugin does. */
  hookToken?: string;
  /** By full name, `folder/job`. */
  jobs: JenkinsCatalog;
  /** How long a queue item is remembered after it left the queue. Default 5 minutes, as in Jenkins. */
  queueForgetMilliseconds?: number;
  /** Further attempts of a hook on connection errors; the plugin's default is 0. */
  hookRetries?: number;
}

const FIVE_MINUTES = 300_000;

/** Jenkins: job tree with folders and branches, queue, builds, and the notification plugin's webhooks. */
export const startJenkinsSimulator = (options: JenkinsSimulatorOptions): Promise<RunningSimulator> =>
  runSimulator({
    name: 'jenkins',
    options,
    hookUrl: hookUrl(options),
    hookRetries: options.hookRetries,
    build: (workshop) => behaviour(workshop, options),
    sign: (hook: HookRecord, now) => (options.hookSecret ? standardWebhookHeaders(options.hookSecret, hook.delivery, hook.body, now) : {}),
  });

const hookUrl = ({ hookUrl: url, hookToken: token }: JenkinsSimulatorOptions): string | undefined =>
  url && token ? `${url}?token=${encodeURIComponent(token)}` : url;

const behaviour = (workshop: Workshop, options: JenkinsSimulatorOptions): PlatformBehaviour => {
  const builds = new Builds(workshop, options.queueForgetMilliseconds ?? FIVE_MINUTES, (build) => {
    for (const hook of notifications(workshop.url(), build)) workshop.hooks.send(hook);
  });
  const service: JenkinsService = {
    catalog: options.jobs,
    builds,
    outcomes: workshop.outcomes,
    root: workshop.url,
    user: { user: options.user, token: options.token, password: options.password },
  };
  return {
    handle: (exchange) => withHeaders(answer(service, asked(exchange))),
    runs: () => [...builds.newest()].map((build) => buildView(workshop.url(), build)),
    push: (order) => push(service, order),
    resume: () => builds.resume(),
    control: [{ on: 'POST /_simulator/events', handle: (exchange) => sendAnyEvent(workshop, exchange) }],
  };
};

/** `HEAD` is answered as `GET` is; its body is left out on the way. Clients ask so whether a job exists. */
const asked = (exchange: Exchange): Exchange => (exchange.method === 'HEAD' ? { ...exchange, method: 'GET' } : exchange);

/** Any body as a hook, signed like the others: `{ event, payload }`. */
const sendAnyEvent = (workshop: Workshop, exchange: Exchange): Answer => {
  const { event = 'custom', payload } = (jsonBody(exchange) ?? {}) as { event?: string; payload?: Record<string, unknown> };
  if (!payload) throw new Error('payload is expected');
  workshop.hooks.send({ event, about: event, body: payload, delivery: randomUUID().replaceAll('-', '') });
  return { status: 204 };
};

const answer = (service: JenkinsService, exchange: Exchange): Answer => {
  const { path, method } = exchange;
  // Pages are open, so that links in messages work; orders and the API are not.
  const isPage = method === 'GET' && path.endsWith('/') && path.startsWith('/job/');
  const refusal = isPage ? undefined : refusalOf(exchange, service.user);
  if (refusal) return refusal;
  if (path.startsWith('/job/')) return itemRoute(service, exchange);
  if (path === '/crumbIssuer/api/json') return issueCrumb(service.user);
  // Clients read the version off the header of the dashboard.
  if (path === '/') return html(200, 'Dashboard [Jenkins]');
  if (path === '/me/api/json') return apiJson(exchange, meView(service));
  if (path === '/api/json') return apiJson(exchange, rootView(service));
  if (path.startsWith('/queue/')) return queueRoute(service, exchange);
  return notFound();
};

const queueRoute = (service: JenkinsService, exchange: Exchange): Answer => {
  const { path, method } = exchange;
  if (method === 'GET' && path === '/queue/api/json')
    return apiJson(exchange, { _class: 'hudson.model.Queue', items: service.builds.queued().map((item) => queueView(service.root(), item)) });
  const fromItem = /^\/queue\/item\/(\d+)\/cancelQueue$/.exec(path)?.[1];
  const cancelled = fromItem ?? (path === '/queue/cancelItem' ? exchange.query.get('id') : undefined);
  if (method === 'POST' && cancelled) return cancel(service, cancelled, fromItem !== undefined);
  const id = /^\/queue\/item\/(\d+)\/api\/json$/.exec(path)?.[1];
  const item = id === undefined ? undefined : service.builds.queueItem(id);
  return method === 'GET' && item ? apiJson(exchange, queueView(service.root(), item)) : notFound();
};

/** The item's own link leads back to the queue; `cancelItem` says 204. */
const cancel = (service: JenkinsService, id: string, byItem: boolean): Answer => {
  if (!service.builds.cancelItem(id)) return notFound();
  return byItem ? redirect(`${service.root()}/queue/`) : { status: 204 };
};

const withHeaders = (said: Answer): Answer => ({
  ...said,
  headers: { 'x-jenkins': '2.541.2', 'x-jenkins-session': 'simulated', 'x-content-type-options': 'nosniff', ...said.headers },
});

/** A build that is not ours: `{ job, parameters, sha, branch, result, milliseconds }`. */
const push = (service: JenkinsService, order: Record<string, unknown>): unknown => {
  const job = (order['job'] as string | undefined) ?? Object.keys(service.catalog)[0]!;
  const item = findItem(service.catalog, job.split('/'));
  if (item?.kind !== 'job') throw new Error(`no job ${job}`);
  const planned = typeof order['result'] === 'string' ? { result: order['result'] } : service.outcomes.take(job, 'SUCCESS');
  const milliseconds = order['milliseconds'] as number | undefined;
  const queued = service.builds.schedule({
    job,
    parameters: (order['parameters'] ?? {}) as Record<string, string>,
    cause: 'Started by an SCM change',
    sha: order['sha'] as string | undefined,
    branch: order['branch'] as string | undefined,
    plan: () => (milliseconds === undefined ? planned : { ...planned, milliseconds }),
  });
  return queueView(service.root(), queued);
};
