import { jsonBody } from '../kit/exchange.js';
import { findRoute, type Route } from '../kit/routes.js';
import { runSimulator, type PlatformBehaviour, type Workshop } from '../kit/simulator.js';
import type { Table } from '../kit/store.js';
import type { Answer, Exchange, RunningSimulator, SimulatorOptions } from '../kit/types.js';
import { eventFaults, type PagerdutyEvent } from './event-faults.js';

export interface PagerdutySimulatorOptions extends SimulatorOptions {
  /** The key of the one integration there is, 32 characters. */
  routingKey: string;
}

/** An alert by its key: what repeats it while it is open is the same alert. */
export interface PagerdutyAlert {
  key: string;
  state: 'triggered' | 'resolved';
  /** How often it was opened: a trigger after its end opens it anew. */
  opened: number;
  /** Triggers that it took. */
  triggers: number;
  event: PagerdutyEvent;
}

export interface RunningPagerdutySimulator extends RunningSimulator {
  readonly eventsUrl: string;
  alerts(): PagerdutyAlert[];
}

const MOST_BYTES = 512 * 1024;

/** PagerDuty's Events API v2: alerts by their `dedup_key`. */
export const startPagerdutySimulator = async (options: PagerdutySimulatorOptions): Promise<RunningPagerdutySimulator> => {
  let alerts: Table<PagerdutyAlert> | undefined;
  const running = await runSimulator({
    name: 'pagerduty',
    options,
    sign: () => ({}),
    build: (workshop) => {
      alerts = workshop.store.table<PagerdutyAlert>('alerts');
      return behaviour(workshop, options, alerts);
    },
  });
  return { ...running, eventsUrl: `${running.url}/v2/enqueue`, alerts: () => alerts!.values() };
};

const behaviour = (workshop: Workshop, { routingKey }: PagerdutySimulatorOptions, alerts: Table<PagerdutyAlert>): PlatformBehaviour => {
  const enqueue = (exchange: Exchange): Answer => {
    if (exchange.body.length > MOST_BYTES) return { status: 413, body: 'Request Entity Too Large' };
    const event = jsonBody(exchange) as PagerdutyEvent | undefined;
    const faults = event ? eventFaults(event) : ['The request body is no JSON object'];
    if (!event || faults.length > 0) return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors: faults } };
    if (event.routing_key !== routingKey) return { status: 400, body: { status: 'invalid event', message: 'Invalid routing key' } };
    const key = event.dedup_key ?? `made-${workshop.store.next('key')}`;
    const known = alerts.get(key);
    const next = event.event_action === 'trigger' ? triggered(key, known, event) : known && { ...known, state: 'resolved' as const };
    // What resolves nothing is taken and dropped.
    if (next) alerts.put(key, next);
    return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: key } };
  };
  const routes: Route[] = [{ on: 'POST /v2/enqueue', handle: enqueue }];
  return {
    handle: (exchange) => findRoute(routes, exchange.method, exchange.path)?.route.handle(exchange, {}) ?? { status: 404, body: { message: 'Not Found' } },
    runs: () => [],
    resume: () => undefined,
    push: () => {
      throw new Error('PagerDuty runs no pipelines');
    },
    control: [{ on: 'GET /_simulator/messages', handle: () => ({ status: 200, body: { items: alerts.values() } }) }],
  };
};

const triggered = (key: string, known: PagerdutyAlert | undefined, event: PagerdutyEvent): PagerdutyAlert => ({
  key, state: 'triggered', event, triggers: (known?.triggers ?? 0) + 1, opened: (known?.opened ?? 0) + (known?.state === 'triggered' ? 0 : 1),
});
