import { answerBy } from '../kit/api.js';
import { jsonBody } from '../kit/exchange.js';
import { bearer, reportHook } from '../kit/run-reports.js';
import type { Route } from '../kit/routes.js';
import { SmallRuns, type SmallRun } from '../kit/small-runs.js';
import { runSimulator, type PlatformBehaviour, type Workshop } from '../kit/simulator.js';
import type { Answer, Exchange, RunningSimulator, SimulatorOptions } from '../kit/types.js';

/** An active workflow that a Webhook node starts, by the path of that node. */
export interface N8nWebhook {
  workflow: string;
  /** What the Webhook node asks for: this header with this value. */
  auth?: { header: string; value: string };
  /** `execution`: a Respond node answers with `executionId`; `received`: 200 at once, as is n8n's default. */
  respond?: 'execution' | 'received';
}

export interface N8nSimulatorOptions extends SimulatorOptions {
  /** Key of the public API. */
  token: string;
  webhooks: Record<string, N8nWebhook>;
  /** Fixed header of the HTTP Request node that tells of ends. */
  hookToken?: string;
}

const STATUS: Record<SmallRun['state'], string> = { waiting: 'running', running: 'running', ended: 'success' };

/** n8n: Webhook nodes of active workflows, and of its public API what tells of executions. */
export const startN8nSimulator = (options: N8nSimulatorOptions): Promise<RunningSimulator> =>
  runSimulator({ name: 'n8n', options, hookUrl: options.hookUrl, sign: () => bearer(options.hookToken), build: (workshop) => behaviour(workshop, options) });

const viewOf = (run: SmallRun): Record<string, unknown> => ({
  id: run.id, finished: run.state === 'ended' && run.result === 'success', mode: 'webhook', status: run.result ?? STATUS[run.state], workflowId: run.key,
  startedAt: run.createdAt, stoppedAt: run.endedAt ?? null,
});

const behaviour = (workshop: Workshop, options: N8nSimulatorOptions): PlatformBehaviour => {
  const runs = new SmallRuns(workshop, (run) => {
    if (run.state === 'ended') workshop.hooks.send(reportHook({ type: 'pipelinerun.finished', data: { id: run.id, repository: run.key, outcome: run.result, stellwerkId: run.details['stellwerkId'] } }));
  });
  const start = (key: string, details: Record<string, unknown> = {}): SmallRun => runs.start({ id: String(workshop.store.next('execution')), key, success: 'success', details });
  const api = apiRoutes(runs);
  const refusal = { status: 401, body: { message: 'unauthorized' } };
  return {
    handle: (exchange) =>
      exchange.path.startsWith('/api/v1/')
        ? answerBy(api, exchange, { refusal: ({ headers }) => (headers['x-n8n-api-key'] === options.token ? undefined : refusal), notFound: { status: 404, body: { message: 'not found' } } })
        : webhook(options, exchange, start),
    runs: () => runs.list().map((run) => ({ ...viewOf(run), data: run.details, url: `${workshop.url()}/workflow/${run.key}/executions/${run.id}` })),
    push: (order) => viewOf(start((order['workflow'] as string | undefined) ?? Object.values(options.webhooks)[0]!.workflow)),
    resume: () => runs.resume(),
  };
};

const webhook = ({ webhooks }: N8nSimulatorOptions, exchange: Exchange, start: (key: string, details: Record<string, unknown>) => SmallRun): Answer => {
  const { method, path, headers } = exchange;
  const name = path.replace(/^\/webhook\//, '');
  const node = path.startsWith('/webhook/') && method === 'POST' ? webhooks[name] : undefined;
  if (!node) return { status: 404, body: { code: 404, message: `The requested webhook "${method} ${name}" is not registered.`, hint: 'The workflow must be active for a production URL to run successfully.' } };
  if (node.auth && headers[node.auth.header] !== node.auth.value) return { status: 403, body: 'Authorization data is wrong!' };
  const run = start(node.workflow, { stellwerkId: headers['stellwerk-id'], headers, body: jsonBody(exchange) });
  return { status: 200, body: node.respond === 'execution' ? { executionId: run.id } : { message: 'Workflow was started' } };
};

const apiRoutes = (runs: SmallRuns): Route[] => {
  const missing = { status: 404, body: { message: 'Not Found' } };
  return [
    { on: 'GET /api/v1/executions', handle: ({ query }) => ({ status: 200, body: { data: runs.list(query.get('workflowId') ?? undefined).slice(0, Number(query.get('limit') ?? 100)).map(viewOf), nextCursor: null } }) },
    { on: 'GET /api/v1/executions/:id', handle: (_, { id }) => answerFor(runs.get(id!), missing) },
    { on: 'POST /api/v1/executions/:id/stop', handle: (_, { id }) => (runs.stop(id!, 'canceled') ? answerFor(runs.get(id!), missing) : missing) },
  ];
};

const answerFor = (run: SmallRun | undefined, missing: Answer): Answer => (run ? { status: 200, body: viewOf(run) } : missing);
