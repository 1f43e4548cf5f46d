import { randomUUID } from 'node:crypto';
import { jsonBody } from '../kit/exchange.js';
import type { HookRecord } from '../kit/hooks.js';
import type { PlannedOutcome } from '../kit/outcomes.js';
import { runPage } from '../kit/pages.js';
import { findRoute, type Parameters, type Route } from '../kit/routes.js';
import { standardWebhookHeaders } from '../kit/signatures.js';
import { runSimulator, type PlatformBehaviour, type Workshop } from '../kit/simulator.js';
import type { Answer, Exchange, RunningSimulator, SimulatorOptions } from '../kit/types.js';
import { message, notFound, paged } from './answers.js';
import { orderOf } from './order.js';
import type { Pipeline } from './pipeline.js';
import { Pipelines } from './pipelines.js';
import { listPipelines, onePipeline, showPipeline } from './pipelines.route.js';
import { findProject, type GitlabProject, refsOf } from './project.js';
import type { GitlabService } from './service.js';
import { createPipeline, triggerPipeline } from './start-pipeline.route.js';
import { setStatus, statusesOf } from './statuses.route.js';
import { jobHook, pipelineHook, pipelineItem, userView } from './views.js';

export type { GitlabProject } from './project.js';

export interface GitlabSimulatorOptions extends SimulatorOptions {
  /** The one access token that is good (`PRIVATE-TOKEN` or `Bearer`). */
  token: string;
  /** Signs webhooks as GitLab 19 does: `whsec_…`. */
  signingToken?: string;
  /** Sent as `X-Gitlab-Token`. */
  hookToken?: string;
  projects: GitlabProject[];
  /** Whom the access token belongs to. Default `stellwerk-bot`. */
  username?: string;
  /** Says `running` twice, as GitLab does when a job of the pipeline moves. Default true. */
  repeatHooks?: boolean;
  /** Further attempts of a hook whose connection failed, with the same `Idempotency-Key`. Default 0. */
  hookRetries?: number;
}

/** GitLab: its REST API below `/api/v4`, web pages for pipelines, Pipeline and Job Hooks. */
export const startGitlabSimulator = (options: GitlabSimulatorOptions): Promise<RunningSimulator> =>
  runSimulator({
    name: 'gitlab', options, hookUrl: options.hookUrl, hookRetries: options.hookRetries, build: (workshop) => behaviour(workshop, options),
    sign: (hook: HookRecord, now) => ({
      ...(options.hookToken ? { 'x-gitlab-token': options.hookToken } : {}),
      ...(options.signingToken ? standardWebhookHeaders(options.signingToken, hook.delivery, hook.body, now) : {}),
    }),
  });

const behaviour = (workshop: Workshop, options: GitlabSimulatorOptions): PlatformBehaviour => {
  const service: GitlabService = {
    projects: options.projects, outcomes: workshop.outcomes, store: workshop.store, root: workshop.url, username: options.username ?? 'stellwerk-bot', token: options.token,
    pipelines: new Pipelines(workshop, (pipeline) => announce(workshop, options, pipeline)),
  };
  const routes = apiRoutes(service);
  return {
    handle: (exchange) => answer(service, routes, exchange),
    runs: () => service.pipelines.list().map((pipeline) => pipelineItem(service.root(), projectOf(options.projects, pipeline), pipeline)),
    push: (order) => push(service, order),
    resume: () => service.pipelines.resume(),
    control: [{ on: 'POST /_simulator/events', handle: (exchange) => sendAnyEvent(workshop, exchange) }],
  };
};

const projectOf = (projects: GitlabProject[], pipeline: Pipeline): GitlabProject => findProject(projects, String(pipeline.projectId)) ?? { id: pipeline.projectId, path: `projects/${pipeline.projectId}` };

const announce = (workshop: Workshop, options: GitlabSimulatorOptions, pipeline: Pipeline): void => {
  const project = projectOf(options.projects, pipeline);
  const root = workshop.url();
  const about = `${pipeline.id} ${pipeline.status}`;
  send(workshop, 'Pipeline Hook', about, pipelineHook(root, project, pipeline));
  send(workshop, 'Job Hook', about, jobHook(root, project, pipeline));
  if (pipeline.status === 'running' && options.repeatHooks !== false) send(workshop, 'Pipeline Hook', about, pipelineHook(root, project, pipeline));
};

const send = (workshop: Workshop, event: string, about: string, body: unknown): void => {
  const delivery = randomUUID();
  const headers = {
    'user-agent': 'GitLab/19.0.0', 'x-gitlab-event': event, 'x-gitlab-instance': workshop.url(), 'x-gitlab-webhook-uuid': 'f1a6b2e0-7c0c-4d7e-9d0e-000000000001', 'x-gitlab-event-uuid': randomUUID(), 'idempotency-key': delivery,
  };
  workshop.hooks.send({ event, about, body, headers, delivery });
};

type ProjectHandler = (project: GitlabProject, exchange: Exchange, parameters: Parameters) => Answer;

const apiRoutes = (service: GitlabService): Route[] => {
  const inProject = (on: string, handle: ProjectHandler): Route => ({
    on,
    handle: (exchange, parameters) => {
      const project = findProject(service.projects, parameters['id']!);
      return project ? handle(project, exchange, parameters) : notFound('Project');
    },
  });
  const one = (on: string, act: (project: GitlabProject, pipeline: Pipeline) => Answer): Route =>
    inProject(on, (project, _exchange, { pid }) => onePipeline(service, project, pid!, (pipeline) => act(project, pipeline)));
  const plan = (project: GitlabProject) => (): PlannedOutcome => service.outcomes.take(project.path, 'success');
  return [
    { on: 'GET /user', handle: () => ({ status: 200, body: userView(service.root(), service.username) }) },
    { on: 'GET /version', handle: () => ({ status: 200, body: { version: '19.0.0', revision: 'simulated' } }) },
    inProject('GET /projects/:id', (project) => ({ status: 200, body: { id: project.id, path_with_namespace: project.path, default_branch: refsOf(project)[0], web_url: `${service.root()}/${project.path}` } })),
    inProject('POST /projects/:id/pipeline', (project, exchange) => createPipeline(service, project, orderOf(exchange))),
    inProject('POST /projects/:id/trigger/pipeline', (project, exchange) => triggerPipeline(service, project, orderOf(exchange))),
    inProject('GET /projects/:id/pipelines', (project, exchange) => listPipelines(service, project, exchange)),
    one('GET /projects/:id/pipelines/:pid', (project, pipeline) => showPipeline(service, project, pipeline)),
    one('GET /projects/:id/pipelines/:pid/variables', (_project, pipeline) => ({ status: 200, body: pipeline.variables })),
    one('POST /projects/:id/pipelines/:pid/cancel', (project, pipeline) => showPipeline(service, project, service.pipelines.cancel(pipeline))),
    one('POST /projects/:id/pipelines/:pid/retry', (project, pipeline) => showPipeline(service, project, service.pipelines.retry(pipeline, plan(project)), 201)),
    inProject('POST /projects/:id/statuses/:sha', (project, exchange, { sha }) => setStatus(service, project, sha!, orderOf(exchange))),
    inProject('GET /projects/:id/repository/commits/:sha/statuses', (project, exchange, { sha }) => paged(statusesOf(service, project, sha!), exchange, service.root())),
  ];
};

const answer = async (service: GitlabService, routes: Route[], exchange: Exchange): Promise<Answer> => {
  const page = /^\/(.+)\/-\/pipelines\/(\d+)$/.exec(exchange.path);
  if (page && exchange.method === 'GET') return webPage(service, page[1]!, page[2]!);
  if (!exchange.path.startsWith('/api/v4/')) return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html><h1>404: Page not found</h1></html>' };
  const path = exchange.path.slice('/api/v4'.length);
  // A trigger token in the body stands for itself.
  if (!path.endsWith('/trigger/pipeline') && !authorized(exchange, service.token)) return message(401, '401 Unauthorized');
  const found = findRoute(routes, exchange.method, path);
  const said = found ? await found.route.handle(exchange, found.parameters) : { status: 404, body: { error: '404 Not Found' } };
  return { ...said, headers: { 'x-request-id': randomUUID(), 'x-gitlab-meta': '{"version":"1"}', ...said.headers } };
};

const authorized = ({ headers, query }: Exchange, token: string): boolean =>
  headers['private-token'] === token || headers['authorization'] === `Bearer ${token}` || query.get('private_token') === token;

const webPage = (service: GitlabService, path: string, id: string): Answer => {
  const project = findProject(service.projects, path);
  const pipeline = project && service.pipelines.find(project.id, id);
  if (!pipeline) return { status: 404, body: 'Not Found' };
  const { ref, sha, status, source, user, attempt } = pipeline;
  return runPage(`Pipeline #${pipeline.id}`, { project: path, ref, commit: sha, status, source, user, attempt });
};

/** A pipeline that is not ours: `{ project, ref, sha, source, status, user, message, milliseconds }`. */
const push = (service: GitlabService, order: Record<string, unknown>): unknown => {
  const project = order['project'] === undefined ? service.projects[0] : findProject(service.projects, String(order['project']));
  if (!project) throw new Error(`no project ${String(order['project'])}`);
  const planned = typeof order['status'] === 'string' ? { result: order['status'] } : service.outcomes.take(project.path, 'success');
  const milliseconds = order['milliseconds'] as number | undefined;
  const pipeline = service.pipelines.create({
    project, ref: (order['ref'] as string | undefined) ?? refsOf(project)[0]!, sha: order['sha'] as string | undefined, source: (order['source'] as string | undefined) ?? 'push', variables: [],
    user: (order['user'] as string | undefined) ?? 'alice', message: order['message'] as string | undefined, planned: milliseconds === undefined ? planned : { ...planned, milliseconds },
  });
  return pipelineItem(service.root(), project, pipeline);
};

/** Any event as a signed webhook: `{ event: "Merge Request Hook", payload }`. */
const sendAnyEvent = (workshop: Workshop, exchange: Exchange): Answer => {
  const { event, payload } = (jsonBody(exchange) ?? {}) as { event?: string; payload?: Record<string, unknown> };
  if (!event || !payload) throw new Error('event and payload are expected');
  send(workshop, event, String(payload['object_kind'] ?? ''), payload);
  return { status: 204 };
};
