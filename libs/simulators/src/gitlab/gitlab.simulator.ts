import { randomUUID } from 'node:crypto';
import { jsonBody } from '../kit/exchange.js';
import type { HookRecord } from '../kit/hooks.js';
import { standardWebhookHeaders } from '../kit/signatures.js';
import { runSimulator, type PlatformBehaviour, type Workshop } from '../kit/simulator.js';
import type { Answer, Exchange, RunningSimulator, SimulatorOptions } from '../kit/types.js';
import { answer, apiRoutes } from './api.js';
import { jobHook, pipelineHook } from './hook-payloads.js';
import { ManualJobs } from './manual-jobs.js';
import { noteShelf } from './notes.route.js';
import type { Pipeline } from './pipeline.js';
import { Pipelines, type MovedBy } from './pipelines.js';
import { findProject, type GitlabProject } from './project.js';
import { push } from './push.js';
import { rateLimit, retryLater } from './rate-limit.js';
import type { GitlabService } from './service.js';
import { latestOf, statusShelf } from './statuses.route.js';
import { pipelineItem } from './views.js';

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
  /** Calls a minute. Default: no limit, and no word of one. */
  rateLimit?: number;
  /** Further attempts of a hook whose connection failed, with the same `Idempotency-Key`. Default 0. */
  hookRetries?: number;
}

/** GitLab: its REST API below `/api/v4`, web pages for pipelines, Pipeline and Job Hooks. */
export const startGitlabSimulator = (options: GitlabSimulatorOptions): Promise<RunningSimulator> =>
  runSimulator({
    name: 'gitlab',
    options,
    hookUrl: options.hookUrl,
    hookRetries: options.hookRetries,
    build: (workshop) => behaviour(workshop, options),
    sign: (hook: HookRecord, now) => ({
      ...(options.hookToken ? { 'x-gitlab-token': options.hookToken } : {}),
      ...(options.signingToken ? standardWebhookHeaders(options.signingToken, hook.delivery, hook.body, now) : {}),
    }),
  });

const behaviour = (workshop: Workshop, options: GitlabSimulatorOptions): PlatformBehaviour => {
  const statuses = statusShelf(workshop.store);
  const pipelines = new Pipelines(
    workshop,
    (pipeline, by, moved) => announce(workshop, options, pipeline, { by, moved }),
    (pipeline) => latestOf({ statuses }, pipeline).map(({ status }) => status),
  );
  const service: GitlabService = {
    projects: options.projects,
    outcomes: workshop.outcomes,
    store: workshop.store,
    statuses,
    notes: noteShelf(workshop.store),
    root: workshop.url,
    username: options.username ?? 'stellwerk-bot',
    token: options.token,
    pipelines,
    manualJobs: new ManualJobs(workshop, pipelines),
  };
  const routes = apiRoutes(service);
  const limit = rateLimit(options.rateLimit);
  return {
    handle: async (exchange) => {
      const { exceeded, headers } = exchange.path.startsWith('/api/') ? limit(new Date()) : { exceeded: false, headers: {} };
      const said = exceeded ? retryLater() : await answer(service, routes, exchange);
      return { ...said, headers: { ...headers, ...said.headers } };
    },
    runs: () => [...service.pipelines.newest()].map((pipeline) => pipelineItem(service.root(), projectOf(options.projects, pipeline), pipeline)),
    push: (order) => push(service, order),
    resume: () => {
      service.pipelines.resume();
      service.manualJobs.resume();
    },
    control: [{ on: 'POST /_simulator/events', handle: (exchange) => sendAnyEvent(workshop, exchange) }],
  };
};

const projectOf = (projects: GitlabProject[], pipeline: Pipeline): GitlabProject =>
  findProject(projects, String(pipeline.projectId)) ?? { id: pipeline.projectId, path: `projects/${pipeline.projectId}` };

/** Pipeline Hooks tell its moves, Job Hooks those of its own job; what others told of the commit is in neither. */
const announce = (workshop: Workshop, options: GitlabSimulatorOptions, pipeline: Pipeline, { by, moved }: { by: MovedBy; moved: boolean }): void => {
  const project = projectOf(options.projects, pipeline);
  const root = workshop.url();
  const about = `${pipeline.id} ${pipeline.status}`;
  if (moved) send(workshop, 'Pipeline Hook', about, pipelineHook(root, project, pipeline));
  if (by !== 'job' || pipeline.hidden) return;
  send(workshop, 'Job Hook', about, jobHook(root, project, pipeline));
  if (moved && pipeline.status === 'running' && options.repeatHooks !== false) send(workshop, 'Pipeline Hook', about, pipelineHook(root, project, pipeline));
};

const send = (workshop: Workshop, event: string, about: string, body: unknown): void => {
  const delivery = randomUUID();
  const headers = {
    'user-agent': 'GitLab/19.0.0',
    'x-gitlab-event': event,
    'x-gitlab-instance': workshop.url(),
    'x-gitlab-webhook-uuid': 'f1a6b2e0-7c0c-4d7e-9d0e-000000000001',
    'x-gitlab-event-uuid': randomUUID(),
    'idempotency-key': delivery,
  };
  workshop.hooks.send({ event, about, body, headers, delivery });
};

/** Any event as a signed webhook: `{ event: "Merge Request Hook", payload }`. */
const sendAnyEvent = (workshop: Workshop, exchange: Exchange): Answer => {
  const { event, payload } = (jsonBody(exchange) ?? {}) as { event?: string; payload?: Record<string, unknown> };
  if (!event || !payload) throw new Error('event and payload are expected');
  send(workshop, event, String(payload['object_kind'] ?? ''), payload);
  return { status: 204 };
};
