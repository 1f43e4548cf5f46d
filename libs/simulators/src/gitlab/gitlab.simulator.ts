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
import { GitlabWebhooks, uuidOf } from './webhooks.js';

export type { GitlabProject } from './project.js';

export interface GitlabSimulatorOptions extends SimulatorOptions {
  /** The one access token that is good (`PRIVATE-TOKEN` or `Bearer`). */
  token: string;
  /** Signs webhooks as GitLab 19 does: `whsec_…`. */
  signingToken?: string;
  /** Sent as `X-Gitlab-Token`. */
  hookToken?: string;
  projects: GitlabProject[];
  /** False: a server before 19.0, which knows no signing tokens and leaves them aside. Default true. */
  knowsSigningTokens?: boolean;
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
export const startGitlabSimulator = (options: GitlabSimulatorOptions): Promise<RunningSimulator> => {
  let webhooks: GitlabWebhooks | undefined;
  return runSimulator({
    name: 'gitlab',
    options,
    hookRetries: options.hookRetries,
    urlOf: (hook) => webhooks?.sender(hook.headers)?.url,
    build: (workshop) => {
      webhooks = new GitlabWebhooks(workshop.store);
      const { hookUrl: url, hookToken: token, signingToken } = options;
      if (url) webhooks.seed(options.projects.map(({ id }) => id), { url, token, signingToken });
      return behaviour(workshop, options, webhooks);
    },
    sign: (hook: HookRecord, now) => {
      const webhook = webhooks?.sender(hook.headers);
      return {
        ...(webhook?.token ? { 'x-gitlab-token': webhook.token } : {}),
        ...(webhook?.signingToken ? standardWebhookHeaders(webhook.signingToken, hook.delivery, hook.body, now) : {}),
      };
    },
  });
};

const behaviour = (workshop: Workshop, options: GitlabSimulatorOptions, webhooks: GitlabWebhooks): PlatformBehaviour => {
  const statuses = statusShelf(workshop.store);
  const pipelines = new Pipelines(
    workshop,
    (pipeline, by, moved) => announce({ workshop, webhooks }, options, pipeline, { by, moved }),
    (pipeline) => latestOf({ statuses }, pipeline).map(({ status }) => status),
  );
  const service: GitlabService = {
    webhooks,
    knowsSigningTokens: options.knowsSigningTokens ?? true,
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
    control: [{ on: 'POST /_simulator/events', handle: (exchange) => sendAnyEvent({ workshop, webhooks }, options, exchange) }],
  };
};

const projectOf = (projects: GitlabProject[], pipeline: Pipeline): GitlabProject =>
  findProject(projects, String(pipeline.projectId)) ?? { id: pipeline.projectId, path: `projects/${pipeline.projectId}` };

interface Sending {
  workshop: Workshop;
  webhooks: GitlabWebhooks;
}

/** Pipeline Hooks tell its moves, Job Hooks those of its own job; what others told of the commit is in neither. */
const announce = (sending: Sending, options: GitlabSimulatorOptions, pipeline: Pipeline, { by, moved }: { by: MovedBy; moved: boolean }): void => {
  const project = projectOf(options.projects, pipeline);
  const root = sending.workshop.url();
  const about = `${pipeline.id} ${pipeline.status}`;
  const tell = (event: string, body: unknown): void => send(sending, { projectId: project.id, event, about, body });
  if (moved) tell('Pipeline Hook', pipelineHook(root, project, pipeline));
  if (by !== 'job' || pipeline.hidden) return;
  tell('Job Hook', jobHook(root, project, pipeline));
  if (moved && pipeline.status === 'running' && options.repeatHooks !== false) tell('Pipeline Hook', pipelineHook(root, project, pipeline));
};

const send = ({ workshop, webhooks }: Sending, { projectId, event, about, body }: { projectId: number; event: string; about: string; body: unknown }): void => {
  for (const webhook of webhooks.receivers(projectId, event)) {
    const delivery = randomUUID();
    const headers = {
      'user-agent': 'GitLab/19.0.0',
      'x-gitlab-event': event,
      'x-gitlab-instance': workshop.url(),
      'x-gitlab-webhook-uuid': uuidOf(webhook),
      'x-gitlab-event-uuid': randomUUID(),
      'idempotency-key': delivery,
    };
    workshop.hooks.send({ event, about, body, headers, delivery });
  }
};

/** Any event as a signed webhook: `{ event: "Merge Request Hook", payload }`. */
const sendAnyEvent = (sending: Sending, { projects }: GitlabSimulatorOptions, exchange: Exchange): Answer => {
  const { event, payload } = (jsonBody(exchange) ?? {}) as { event?: string; payload?: Record<string, unknown> };
  if (!event || !payload) throw new Error('event and payload are expected');
  const told = (payload['project'] as { id?: number } | undefined)?.id;
  const projectId = projects.find(({ id }) => id === told)?.id ?? projects[0]!.id;
  send(sending, { projectId, event, about: String(payload['object_kind'] ?? ''), body: payload });
  return { status: 204 };
};
