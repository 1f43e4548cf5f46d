import { jsonBody } from './exchange.js';
import type { Fault } from './faults.js';
import type { HookFaults } from './hook-switch.js';
import type { PlannedOutcome } from './outcomes.js';
import { findRoute, type Route } from './routes.js';
import type { Answer, Exchange, RunningSimulator } from './types.js';

const PREFIX = '/_simulator';

/** The routes by which another process steers a simulator; a platform knows no such path. */
export const controlOf = (simulator: () => RunningSimulator, extra: Route[] = []): ((exchange: Exchange) => Answer | Promise<Answer> | undefined) => {
  const routes = [...extra, ...commonRoutes(simulator)];
  return (exchange) => {
    if (!exchange.path.startsWith(PREFIX)) return undefined;
    const found = findRoute(routes, exchange.method, exchange.path);
    if (!found) return { status: 404, body: { message: 'no such order', orders: routes.map((route) => route.on) } };
    try {
      return found.route.handle(exchange, found.parameters);
    } catch (error) {
      return { status: 400, body: { message: error instanceof Error ? error.message : String(error) } };
    }
  };
};

const commonRoutes = (simulator: () => RunningSimulator): Route[] => [
  { on: `GET ${PREFIX}`, handle: () => ({ status: 200, body: { name: simulator().name, url: simulator().url } }) },
  { on: `GET ${PREFIX}/journal`, handle: async (exchange) => ({ status: 200, body: { items: await journal(simulator(), exchange) } }) },
  { on: `GET ${PREFIX}/runs`, handle: () => ({ status: 200, body: { items: simulator().runs() } }) },
  { on: `POST ${PREFIX}/push`, handle: (exchange) => ({ status: 201, body: simulator().push(objectOf(exchange)) }) },
  { on: `POST ${PREFIX}/outcomes`, handle: (exchange) => outcomes(simulator(), objectOf(exchange)) },
  { on: `GET ${PREFIX}/faults`, handle: () => ({ status: 200, body: { items: simulator().faults.list() } }) },
  { on: `POST ${PREFIX}/faults`, handle: (exchange) => faults(simulator(), exchange) },
  { on: `DELETE ${PREFIX}/faults`, handle: () => done(() => simulator().faults.clear()) },
  { on: `GET ${PREFIX}/hooks`, handle: (exchange) => ({ status: 200, body: { items: hooks(simulator(), exchange) } }) },
  { on: `POST ${PREFIX}/hooks/:id/redeliver`, handle: (_exchange, { id }) => ({ status: simulator().redeliver(Number(id)) ? 202 : 404 }) },
  { on: `POST ${PREFIX}/hooks`, handle: (exchange) => done(() => simulator().hooks.set(objectOf(exchange) as HookFaults)) },
  { on: `DELETE ${PREFIX}/hooks`, handle: () => done(() => simulator().hooks.clear()) },
];

const journal = async (simulator: RunningSimulator, { query }: Exchange): Promise<unknown[]> => {
  const entries = await simulator.journal();
  const fits = (value: string, wanted: string | null): boolean => wanted === null || value.includes(wanted);
  return entries.filter(
    (entry) => fits(entry.kind, query.get('kind')) && fits(entry.method, query.get('method')) && fits(entry.path, query.get('path')),
  );
};

/** Bodies only when asked for: they are large. */
const hooks = (simulator: RunningSimulator, { query }: Exchange): unknown[] => {
  const found = simulator
    .sentHooks()
    .filter((hook) => hook.event.includes(query.get('event') ?? '') && hook.about.includes(query.get('about') ?? ''));
  return query.has('bodies') ? found : found.map(({ body: _body, ...hook }) => hook);
};

const outcomes = (simulator: RunningSimulator, order: Record<string, unknown>): Answer => {
  const { key, next, always } = order as { key?: string; next?: (string | PlannedOutcome)[]; always?: string | PlannedOutcome };
  if (typeof key !== 'string') throw new Error('key is missing: which pipeline?');
  if (next) simulator.outcomes.next(key, next);
  if (always) simulator.outcomes.always(key, always);
  return { status: 204 };
};

const faults = (simulator: RunningSimulator, exchange: Exchange): Answer => {
  const order: unknown = JSON.parse(exchange.body.toString('utf8'));
  return done(() => simulator.faults.add(...(Array.isArray(order) ? (order as Fault[]) : [order as Fault])));
};

const done = (act: () => void): Answer => {
  act();
  return { status: 204 };
};

const objectOf = (exchange: Exchange): Record<string, unknown> => {
  const body = jsonBody(exchange);
  if (!body) throw new Error('a JSON object is expected');
  return body;
};
