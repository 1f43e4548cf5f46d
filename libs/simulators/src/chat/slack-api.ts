import { jsonBody } from '../kit/exchange.js';
import type { Route } from '../kit/routes.js';
import type { Workshop } from '../kit/simulator.js';
import type { Table } from '../kit/store.js';
import type { Answer, Exchange } from '../kit/types.js';
import { slackFault } from './slack.js';

/** What a bot may post to. */
export interface SlackChannel {
  /** `C…`; also what `chat.update` wants. */
  id: string;
  /** Without `#`. */
  name: string;
  /** false: nobody invited the bot. */
  member?: boolean;
  archived?: boolean;
}

export interface SlackBot {
  token: string;
  channels: readonly SlackChannel[];
}

/** A message of the bot as it stands now. */
export interface SlackPost {
  ts: string;
  channel: string;
  thread_ts?: string;
  /** As posted or last edited. */
  message: Record<string, unknown>;
  /** Texts before it was edited, oldest first. */
  edited: string[];
}

const PATH = '/slack/api';

/** Slack says what is wrong in the body; the status is 200. */
const no = (error: string): Answer => ({ status: 200, body: { ok: false, error } });

/** The two methods of https://docs.slack.dev/reference/methods that edit and post, `auth.test`, and reading a thread back. */
export const slackApiRoutes = (workshop: Workshop, bot: SlackBot, posts: Table<SlackPost>): Route[] => {
  const methods: Record<string, (body: Record<string, unknown>) => Answer> = {
    'auth.test': () => ({ status: 200, body: { ok: true, user_id: 'U0STELLWERK', team_id: 'T0STELLWERK' } }),
    'chat.postMessage': (body) => post(workshop, bot, posts, body),
    'chat.update': (body) => update(bot, posts, body),
    'conversations.replies': ({ channel, ts }) => {
      const found = posts.values().filter((one) => one.channel === channel && (one.ts === ts || one.thread_ts === ts));
      return found.length === 0 ? no('thread_not_found') : { status: 200, body: { ok: true, messages: found.map(({ message, ...rest }) => ({ ...message, ...rest })), has_more: false } };
    },
  };
  return [{
    on: `POST ${PATH}/:method`,
    handle: (exchange, { method }) => {
      const call = methods[method!];
      if (!call) return no('unknown_method');
      const body = bodyOf(exchange);
      if (!body) return no('invalid_json');
      const token = /^Bearer (.+)$/.exec(exchange.headers['authorization'] ?? '')?.[1] ?? body['token'];
      if (token === undefined) return no('not_authed');
      return token === bot.token ? call(body) : no('invalid_auth');
    },
  }];
};

export const slackApiUrl = (root: string): string => `${root}${PATH}`;

/** Forms hold JSON in their fields; foreign clients send such. */
const bodyOf = (exchange: Exchange): Record<string, unknown> | undefined => {
  if (!(exchange.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) return jsonBody(exchange);
  const fields = [...new URLSearchParams(exchange.body.toString('utf8'))];
  return Object.fromEntries(fields.map(([key, value]) => [key, ['blocks', 'metadata', 'attachments'].includes(key) ? (JSON.parse(value) as unknown) : value]));
};

const faultOf = (body: Record<string, unknown>): string | undefined => {
  const { metadata } = body as { metadata?: { event_type?: unknown; event_payload?: unknown } };
  if (metadata !== undefined && (typeof metadata.event_type !== 'string' || typeof metadata.event_payload !== 'object')) return 'invalid_metadata_format';
  const fault = slackFault(body);
  return fault === 'invalid_payload' ? 'msg_too_long' : fault;
};

const post = (workshop: Workshop, bot: SlackBot, posts: Table<SlackPost>, body: Record<string, unknown>): Answer => {
  const name = String(body['channel'] ?? '');
  const channel = bot.channels.find((one) => one.id === name || one.name === name.replace(/^#/, ''));
  if (!channel) return no('channel_not_found');
  if (channel.member === false) return no('not_in_channel');
  if (channel.archived) return no('is_archived');
  const fault = faultOf(body);
  if (fault) return no(fault);
  const thread = body['thread_ts'] as string | undefined;
  if (thread !== undefined && !posts.values().some((one) => one.ts === thread && one.channel === channel.id)) return no('thread_not_found');
  const ts = `17900000${String(workshop.store.next('slack-post')).padStart(2, '0')}.000100`;
  posts.put(ts, { ts, channel: channel.id, ...(thread && { thread_ts: thread }), message: withoutToken(body), edited: [] });
  return { status: 200, body: { ok: true, channel: channel.id, ts, message: withoutToken(body) } };
};

/** Takes ids of channels only, as Slack does: a name is `channel_not_found`. */
const update = (bot: SlackBot, posts: Table<SlackPost>, body: Record<string, unknown>): Answer => {
  if (!bot.channels.some(({ id }) => id === body['channel'])) return no('channel_not_found');
  const found = posts.values().find(({ ts, channel }) => ts === body['ts'] && channel === body['channel']);
  if (!found) return no('message_not_found');
  const fault = faultOf(body);
  if (fault) return no(fault);
  posts.put(found.ts, { ...found, message: withoutToken(body), edited: [...found.edited, String(found.message['text'])] });
  return { status: 200, body: { ok: true, channel: found.channel, ts: found.ts, text: body['text'] } };
};

const withoutToken = ({ token: _, ...message }: Record<string, unknown>): Record<string, unknown> => message;
