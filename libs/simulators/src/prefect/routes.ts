import { randomUUID } from 'node:crypto';
import { jsonBody } from '../kit/exchange.js';
import type { Route } from '../kit/routes.js';
import type { SmallRun } from '../kit/small-runs.js';
import type { Answer, Exchange } from '../kit/types.js';
import { uuidOf, type PrefectService } from './service.js';
import { flowRunView, stateOf } from './views.js';

const MOST_LIMIT = 200;
const missing = (what: string): Answer => ({ status: 404, body: { detail: `${what} not found` } });
const INVALID = 'Invalid request received.';
const invalid = (detail: string): Answer => ({ status: 422, body: { exception_message: INVALID, exception_detail: [{ msg: detail }], request_body: null } });
const isUuid = (text: string): boolean => /^[0-9a-f-]{36}$/.test(text);

export const prefectRoutes = (service: PrefectService): Route[] => {
  const named = (id: string): string | undefined => Object.keys(service.options.deployments).find((name) => uuidOf(`deployment ${name}`) === id);
  const known = (name: string): Answer => (Object.hasOwn(service.options.deployments, name) ? { status: 200, body: deploymentView(name) } : missing('Deployment'));
  return [
    { on: 'GET /api/admin/version', handle: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '"3.6.0"' }) },
    { on: 'GET /api/deployments/name/:flow/:deployment', handle: (_, { flow, deployment }) => known(`${flow}/${deployment}`) },
    { on: 'GET /api/deployments/:id', handle: (_, { id }) => known(named(id!) ?? '') },
    { on: 'GET /api/flows/:id', handle: (_, { id }) => flow(service, id!) },
    { on: 'POST /api/deployments/:id/create_flow_run', handle: (exchange, { id }) => create(service, named(id!), exchange) },
    { on: 'POST /api/flow_runs/filter', handle: (exchange) => filter(service, exchange) },
    { on: 'GET /api/flow_runs/:id', handle: (_, { id }) => (isUuid(id!) ? shown(service.runs.get(id!)) : invalid('Input should be a valid UUID')) },
    { on: 'POST /api/flow_runs/:id/set_state', handle: (exchange, { id }) => setState(service, id!, exchange) },
  ];
};

const deploymentView = (name: string): Record<string, unknown> => ({ id: uuidOf(`deployment ${name}`), name: name.split('/')[1], flow_id: uuidOf(`flow ${name.split('/')[0]}`), paused: false });

const flow = ({ options }: PrefectService, id: string): Answer => {
  const name = Object.keys(options.deployments).map((one) => one.split('/')[0]!).find((one) => uuidOf(`flow ${one}`) === id);
  return name === undefined ? missing('Flow') : { status: 200, body: { id, name } };
};

const shown = (run: SmallRun | undefined): Answer => (run ? { status: 200, body: flowRunView(run) } : missing('Flow run'));

/** The same idempotency key gives the same run of the flow: 200 instead of 201. */
const create = (service: PrefectService, name: string | undefined, exchange: Exchange): Answer => {
  if (name === undefined) return missing('Deployment');
  const order = jsonBody(exchange);
  if (!order) return invalid('JSON decode error');
  const wrong = wrongParameter(service.options.deployments[name]!.parameters ?? {}, (order['parameters'] ?? {}) as Record<string, unknown>);
  if (wrong) return { status: 409, body: { detail: `Error creating flow run: Validation failed. Failure reason: ${wrong}` } };
  const key = order['idempotency_key'] as string | undefined;
  const existing = key === undefined ? undefined : service.runs.list().find((run) => run.details['key'] === key && run.key.split('/')[0] === name.split('/')[0]);
  return existing ? { status: 200, body: flowRunView(existing) } : { status: 201, body: flowRunView(startFlowRun(service, name, order)) };
};

const wrongParameter = (types: Record<string, string>, given: Record<string, unknown>): string | undefined => {
  const wrong = Object.entries(types).find(([name, type]) => given[name] !== undefined && (type === 'integer' ? !Number.isInteger(given[name]) : typeof given[name] !== type));
  return wrong && `${JSON.stringify(given[wrong[0]])} is not of type '${wrong[1]}'`;
};

export const startFlowRun = ({ runs }: PrefectService, name: string, order: Record<string, unknown>): SmallRun =>
  runs.start({
    id: randomUUID(), key: name, success: 'COMPLETED',
    details: { key: order['idempotency_key'], name: order['name'] ?? 'quick-fox', parameters: order['parameters'] ?? {}, tags: order['tags'] ?? [] },
  });

const filter = ({ runs }: PrefectService, exchange: Exchange): Answer => {
  const order = (jsonBody(exchange) ?? {}) as { limit?: number; offset?: number; flow_runs?: Record<string, { any_?: string[] } | undefined> };
  const limit = order.limit ?? MOST_LIMIT;
  if (limit > MOST_LIMIT) return invalid(`Invalid limit: must be less than or equal to ${MOST_LIMIT}.`);
  const { id, idempotency_key: key } = order.flow_runs ?? {};
  if (id?.any_?.some((one) => !isUuid(one))) return invalid('Input should be a valid UUID');
  const fits = (run: SmallRun): boolean => (id?.any_?.includes(run.id) ?? true) && (key?.any_?.includes(String(run.details['key'])) ?? true);
  const offset = order.offset ?? 0;
  return { status: 200, body: runs.list().filter(fits).slice(offset, offset + limit).map(flowRunView) };
};

/** Orchestration: a run that has not begun is cancelled at once, one that has ended stays so; both answer without an error. */
const setState = ({ runs }: PrefectService, id: string, exchange: Exchange): Answer => {
  const run = runs.get(id);
  if (!run) return missing('Flow run');
  const { state } = (jsonBody(exchange) ?? {}) as { state?: { type?: string } };
  if (state?.type !== 'CANCELLING') return invalid('only CANCELLING is simulated');
  if (run.state === 'ended') return { status: 200, body: { state: stateOf(run), status: 'ABORT', details: { type: 'abort_details', reason: 'This run has already terminated.' } } };
  runs.stop(id, 'CANCELLED', { cancelling: true });
  return { status: 201, body: { state: { type: 'CANCELLING', name: 'Cancelling' }, status: 'ACCEPT', details: { type: 'accept_details' } } };
};
