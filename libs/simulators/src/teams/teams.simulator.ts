import { jsonBody } from '../kit/exchange.js';
import { findRoute, type Route } from '../kit/routes.js';
import { runSimulator, type PlatformBehaviour, type Workshop } from '../kit/simulator.js';
import type { Table } from '../kit/store.js';
import type { Answer, Exchange, RunningSimulator, SimulatorOptions } from '../kit/types.js';

export interface TeamsSimulatorOptions extends SimulatorOptions {
  /** `sig` of the workflow's URL; with another one nobody is let in. */
  signature: string;
  /** Requests a second that are taken; Teams' own limit when absent. */
  perSecond?: number;
}

export interface RunningTeamsSimulator extends RunningSimulator {
  /** Of the workflow's trigger, "When a Teams webhook request is received". */
  readonly webhookUrl: string;
  /** The cards that were posted, in their order. */
  cards(): Record<string, unknown>[];
}

const PATH = '/workflows/0a1b2c/triggers/manual/paths/invoke';
const CARD = 'application/vnd.microsoft.card.adaptive';
const MOST_BYTES = 28 * 1024;
const PER_SECOND = 4;

/** A workflow of Teams that posts cards to a channel. */
export const startTeamsSimulator = async (options: TeamsSimulatorOptions): Promise<RunningTeamsSimulator> => {
  let cards: Table<Record<string, unknown>> | undefined;
  const running = await runSimulator({
    name: 'teams',
    options,
    sign: () => ({}),
    build: (workshop) => {
      cards = workshop.store.table<Record<string, unknown>>('cards');
      return behaviour(workshop, options, cards);
    },
  });
  return { ...running, webhookUrl: `${running.url}${PATH}?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${options.signature}`, cards: () => cards!.values() };
};

const behaviour = (workshop: Workshop, options: TeamsSimulatorOptions, cards: Table<Record<string, unknown>>): PlatformBehaviour => {
  const taken: number[] = [];
  const isTooFast = (): boolean => {
    const now = Date.now();
    while (taken.length > 0 && taken[0]! <= now - 1_000) taken.shift();
    if (taken.length >= (options.perSecond ?? PER_SECOND)) return true;
    taken.push(now);
    return false;
  };
  const invoke = (exchange: Exchange): Answer => {
    if (exchange.query.get('sig') !== options.signature) return error(401, 'DirectApiAuthorizationRequired', 'The request must be authenticated only by Shared Access scheme.');
    if (isTooFast()) return { ...error(429, 'TooManyRequests', 'The number of requests exceeds the limit.'), headers: { 'retry-after': '1' } };
    if (exchange.body.length > MOST_BYTES) return error(413, 'RequestEntityTooLarge', 'The message is larger than 28 KB.');
    const card = cardOf(jsonBody(exchange));
    if (!card) return error(400, 'TriggerInputSchemaMismatch', "The input body for trigger 'manual' of type 'Request' did not match its schema definition.");
    cards.put(workshop.store.next('card'), card);
    return { status: 202 };
  };
  const routes: Route[] = [{ on: `POST ${PATH}`, handle: invoke }];
  return {
    handle: (exchange) => findRoute(routes, exchange.method, exchange.path)?.route.handle(exchange, {}) ?? error(404, 'WorkflowNotFound', 'The workflow could not be found.'),
    runs: () => [],
    resume: () => undefined,
    push: () => {
      throw new Error('a workflow of Teams runs nothing for us');
    },
    control: [{ on: 'GET /_simulator/messages', handle: () => ({ status: 200, body: { items: cards.values() } }) }],
  };
};

const error = (status: number, code: string, message: string): Answer => ({ status, body: { error: { code, message } } });

/** The card in the envelope that the trigger's schema asks for. */
const cardOf = (message: Record<string, unknown> | undefined): Record<string, unknown> | undefined => {
  const [attachment, ...others] = (Array.isArray(message?.['attachments']) ? message['attachments'] : []) as { contentType?: string; content?: Record<string, unknown> }[];
  if (message?.['type'] !== 'message' || others.length > 0 || attachment?.contentType !== CARD) return undefined;
  const { content } = attachment;
  return content?.['type'] === 'AdaptiveCard' && Array.isArray(content['body']) ? content : undefined;
};
