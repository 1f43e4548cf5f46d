import { PermanentError } from '@stellwerk/service-kit';
import { slackMessage, slackThreadLine } from '../render/slack.render.js';
import type { HttpKind, Parcel } from './channel.js';
import { CHAT_SCHEDULE } from './schedules.js';
import { verdictOfSlack } from './slack-answer.js';

/** By it a message can be found again whose answer never came: https://docs.slack.dev/messaging/message-metadata */
const metadataOf = ({ id, notice }: Parcel): object => ({ event_type: 'stellwerk_delivery', event_payload: { delivery: id, run: notice.run, version: notice.version } });

// `chat.update` reads its text by the rules of a person's client unless told otherwise, and would make links and names of it.
const PLAIN = { parse: 'none', link_names: false };

/** The method, and what it is asked. `chat.update` takes the channel's id only, which the post's answer named. */
const callOf = (parcel: Parcel, channel: string): { method: string; body: object } => {
  const { notice, living, lane } = parcel;
  if (lane === 'thread') return { method: 'chat.postMessage', body: { channel: living?.place, thread_ts: living?.ts, ...slackThreadLine(notice) } };
  if (living) return { method: 'chat.update', body: { channel: living.place, ts: living.ts, ...slackMessage(notice) } };
  return { method: 'chat.postMessage', body: { channel, ...slackMessage(notice) } };
};

/** A bot in Slack: one message a run, edited to show its newest state, and below it a line for each thing that people must see. */
export const slackBotChannel: HttpKind = {
  type: 'slack',
  repeatable: false,
  takesLate: false,
  living: true,
  schedule: CHAT_SCHEDULE,
  request: (parcel, { url, bot }) => {
    if (!bot) throw new PermanentError('the channel has no `token` and `channel`');
    const { method, body } = callOf(parcel, bot.channel);
    return {
      url: `${url}/${method}`,
      headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${bot.token}` },
      body: JSON.stringify({ ...body, ...PLAIN, metadata: metadataOf(parcel) }),
    };
  },
  judge: verdictOfSlack,
};
