import type { Channel } from '@stellwerk/flows';
import type { ChannelKind } from './channel.js';
import { discordChannel } from './discord.channel.js';
import { mailChannel } from './mail.channel.js';
import { pagerdutyChannel } from './pagerduty.channel.js';
import { slackBotChannel } from './slack-bot.channel.js';
import { slackChannel } from './slack.channel.js';
import { teamsChannel } from './teams.channel.js';
import { webhookChannel } from './webhook.channel.js';

const KINDS: readonly ChannelKind[] = [slackChannel, discordChannel, teamsChannel, webhookChannel, pagerdutyChannel, mailChannel];

/** Undefined: a kind that the language knows and this version cannot send to. */
export const kindOf = (type: Channel['type']): ChannelKind | undefined => KINDS.find((kind) => kind.type === type);

/** How this very channel is spoken to: of one type there can be two ways. */
export const kindFor = ({ type, token }: Pick<Channel, 'type' | 'token'>): ChannelKind | undefined => (type === 'slack' && token ? slackBotChannel : kindOf(type));

export type { ChannelKind, HttpKind, MailKind, Parcel, Revealed } from './channel.js';
export type { Living, Verdict } from './outcome.js';
export type { MailReply } from './smtp-failure.js';
export { SmtpClient } from './smtp.client.js';
