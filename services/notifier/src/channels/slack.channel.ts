import { slackMessage } from '../render/slack.render.js';
import type { HttpKind } from './channel.js';
import { CHAT_SCHEDULE } from './schedules.js';

/** Slack's incoming webhooks; they cannot tell a repeated message from a new one. */
export const slackChannel: HttpKind = {
  type: 'slack',
  repeatable: false,
  takesLate: false,
  schedule: CHAT_SCHEDULE,
  request: ({ notice }, { url }) => ({ url, headers: { 'content-type': 'application/json' }, body: JSON.stringify(slackMessage(notice)) }),
};
