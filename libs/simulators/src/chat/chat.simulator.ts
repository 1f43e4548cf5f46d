import { jsonBody } from '../kit/exchange.js';
import { findRoute, type Route } from '../kit/routes.js';
import { verifyStandardWebhook } from '../kit/signatures.js';
import { runSimulator, type PlatformBehaviour, type Workshop } from '../kit/simulator.js';
import type { Table } from '../kit/store.js';
import type { Answer, Exchange, RunningSimulator, SimulatorOptions } from '../kit/types.js';
import { discordFaults } from './discord.js';
import { slackApiRoutes, slackApiUrl, type SlackBot, type SlackPost } from './slack-api.js';
import { slackFault } from './slack.js';

/** A message that was taken. */
export interface ChatMessage {
  at: string;
  /** `slack`, `discord`, or the name of the webhook receiver. */
  channel: string;
  body: Record<string, unknown>;
  /** webhook receivers: the `webhook-id`. */
  id?: string;
}

export interface ChatSimulatorOptions extends SimulatorOptions {
  /** Last part of the Slack URL; with another one the channel is gone. */
  slackToken: string;
  /** Last part of the Discord URL. */
  discordToken: string;
  /** A bot of Slack's Web API; without it there is none. */
  slackBot?: SlackBot;
  /** Key of the Standard Webhooks receiver, `whsec_…`; without it there is none. */
  webhookSecret?: string;
}

export interface RunningChatSimulator extends RunningSimulator {
  readonly slackUrl: string;
  /** Root of Slack's Web API, as `https://slack.com/api`. */
  readonly slackApiUrl: string;
  readonly discordUrl: string;
  /** A receiver of signed webhooks. */
  readonly webhookUrl: string;
  messages(): ChatMessage[];
  /** What the bot posted, as it stands now. */
  slackPosts(): SlackPost[];
  /** Somebody deletes a message of the bot. */
  deleteSlackPost(ts: string): void;
}

const SLACK = '/slack/services/T0STELLWERK/B0RELEASES';
const DISCORD = '/discord/api/webhooks/1199990000000000001';
const WEBHOOK = '/webhooks/receiver';

/** Slack's and Discord's incoming webhooks and a Standard Webhooks receiver; what they took is at `GET /_simulator/messages`. */
export const startChatSimulator = async (options: ChatSimulatorOptions): Promise<RunningChatSimulator> => {
  let messages: Table<ChatMessage> | undefined;
  let posts: Table<SlackPost> | undefined;
  const running = await runSimulator({
    name: 'chat',
    options,
    sign: () => ({}),
    build: (workshop) => {
      messages = workshop.store.table<ChatMessage>('messages');
      posts = workshop.store.table<SlackPost>('slack-posts');
      return behaviour(workshop, options, { messages, posts });
    },
  });
  return {
    ...running,
    messages: () => messages!.values(),
    slackPosts: () => posts!.values(),
    deleteSlackPost: (ts) => posts!.delete(ts),
    slackApiUrl: slackApiUrl(running.url),
    webhookUrl: `${running.url}${WEBHOOK}`,
    slackUrl: `${running.url}${SLACK}/${options.slackToken}`,
    discordUrl: `${running.url}${DISCORD}/${options.discordToken}`,
  };
};

const behaviour = (workshop: Workshop, options: ChatSimulatorOptions, { messages, posts }: { messages: Table<ChatMessage>; posts: Table<SlackPost> }): PlatformBehaviour => {
  const keep = (channel: string, body: Record<string, unknown>, id?: string): number => {
    const number = workshop.store.next('message');
    messages.put(number, { at: new Date().toISOString(), channel, body, id });
    return number;
  };
  const routes: Route[] = [
    { on: `POST ${SLACK}/:token`, handle: (exchange, { token }) => slack(exchange, token === options.slackToken, keep) },
    ...(options.slackBot ? slackApiRoutes(workshop, options.slackBot, posts) : []),
    { on: `POST ${DISCORD}/:token`, handle: (exchange, { token }) => discord(exchange, token === options.discordToken, keep) },
    { on: `POST ${WEBHOOK}`, handle: (exchange) => webhook(exchange, options.webhookSecret, keep) },
  ];
  return {
    handle: (exchange) => {
      const found = findRoute(routes, exchange.method, exchange.path);
      return found ? found.route.handle(exchange, found.parameters) : { status: 404, body: 'no_service' };
    },
    runs: () => [],
    resume: () => undefined,
    push: () => {
      throw new Error('chats do not run anything');
    },
    control: [{ on: 'GET /_simulator/messages', handle: () => ({ status: 200, body: { items: messages.values() } }) }],
  };
};

type Keep = (channel: string, body: Record<string, unknown>, id?: string) => number;

const slack = (exchange: Exchange, known: boolean, keep: Keep): Answer => {
  if (!known) return { status: 404, body: 'no_service' };
  const message = jsonBody(exchange);
  const fault = slackFault(message);
  if (fault) return { status: 400, body: fault };
  keep('slack', message!);
  return { status: 200, body: 'ok' };
};

const RATE = { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '4', 'x-ratelimit-reset-after': '2.000', 'x-ratelimit-bucket': 'simulated' };

const discord = (exchange: Exchange, known: boolean, keep: Keep): Answer => {
  if (!known) return { status: 404, body: { message: 'Unknown Webhook', code: 10015 } };
  const message = jsonBody(exchange);
  if (!message) return { status: 400, body: { message: 'The request body contains invalid JSON.', code: 50109 } };
  const faults = discordFaults(message);
  if (faults.length > 0) return { status: 400, headers: RATE, body: { message: 'Invalid Form Body', code: 50035, errors: faults } };
  const id = keep('discord', message);
  if (exchange.query.get('wait') !== 'true') return { status: 204, headers: RATE };
  return {
    status: 200,
    headers: RATE,
    body: { id: String(id), type: 0, content: message['content'] ?? '', embeds: message['embeds'] ?? [], timestamp: new Date().toISOString() },
  };
};

const webhook = (exchange: Exchange, secret: string | undefined, keep: Keep): Answer => {
  if (!secret) return { status: 404, body: { message: 'no receiver' } };
  if (!verifyStandardWebhook(secret, exchange.headers, exchange.body.toString('utf8'), new Date()))
    return { status: 401, body: { message: 'bad signature' } };
  keep('webhook', jsonBody(exchange) ?? {}, exchange.headers['webhook-id']);
  return { status: 204 };
};
