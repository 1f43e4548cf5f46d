import type { Notice } from '../plan/notice.js';
import { againText, clip, durationText, fitting, linkable, LOOKS, moreText, shortSha, unnamed } from './text.js';

interface Field {
  name: string;
  value: string;
  inline?: boolean;
}

export interface DiscordMessage {
  embeds: { title: string; url?: string; description?: string; color: number; fields: Field[]; footer?: { text: string }; timestamp: string }[];
  allowed_mentions: { parse: [] };
}

/** Discord's limits, from https://docs.discord.com/developers/resources/message#embed-object-embed-limits; the sum over all is 6,000. */
const LIMITS = { title: 256, description: 1_200, value: 600, footer: 200 };

// Escaping can double a text: half the limit is taken of what came. A space of no width after @ ends every mention.
const escape = (text: string): string =>
  withoutMentions(text.replace(/[\\*_~`|>[\]()<]|^[#-]|:(?=\/\/)/g, '\\$&'));

const withoutMentions = (text: string): string => text.replaceAll('@', '@\u200b');

const safe = (text: string, limit: number): string => escape(clip(text, Math.floor(limit / 2)));

const linked = (url: string | undefined, text: string): string => {
  const href = linkable(url, 400);
  return href ? `[${text}](${href})` : text;
};

const allFields = ({ repository, branch, sha, step, durationMs }: Notice): Field[] => [
  ...(repository ? [{ name: 'Repository', value: safe(repository, LIMITS.value), inline: true }] : []),
  ...(branch ? [{ name: 'Branch', value: safe(branch, LIMITS.value), inline: true }] : []),
  ...(sha ? [{ name: 'Commit', value: safe(shortSha(sha), LIMITS.value), inline: true }] : []),
  ...(step ? [stepField(step)] : []),
  ...(durationMs === undefined ? [] : [{ name: 'Duration', value: durationText(durationMs), inline: true }]),
];

/** Discord refuses a field that is empty, as one of control characters only is by now. */
const fieldsOf = (notice: Notice): Field[] => allFields(notice).filter((field) => field.value !== '');

const stepField = ({ name, state, reason, url }: NonNullable<Notice['step']>): Field => ({
  name: 'Step',
  value: `${linked(url, safe(name, 160))} ${safe(state, 40)}${reason ? `: ${safe(reason, 400)}` : ''}`,
});

/** A line for each run while there is room; a description holds 4,096 characters. */
const gatheredText = (notice: Notice, gathered: readonly Notice[]): string => {
  const { kept, left } = fitting(gathered.map(gatheredLine), 3_500);
  return [...kept, ...moreText(unnamed(notice, left)).map((text) => linked(notice.url, text))].join('\n');
};

const gatheredLine = (notice: Notice): string => {
  const { icon, words } = LOOKS[notice.word];
  const place = [notice.repository, notice.branch].filter((part) => part !== undefined).map((part) => safe(part, 160)).join(' @ ');
  const why = notice.step ? `${safe(notice.step.name, 120)} ${safe(notice.step.state, 40)}` : notice.reason && safe(notice.reason, 200);
  return [`${icon} ${linked(notice.url, safe(notice.flow, 160))} ${words}`, place, why, againText(notice)].filter(Boolean).join(' · ');
};

/** A message for a webhook of Discord, within its limits; it mentions nobody. */
export const discordMessage = (notice: Notice): DiscordMessage => {
  const { icon, words, color } = LOOKS[notice.word];
  const description = notice.gathered ? gatheredText(notice, notice.gathered) : [notice.title && safe(notice.title, 400), notice.reason && safe(notice.reason, LIMITS.description - 400)].filter(Boolean).join('\n');
  const footer = [notice.actor && withoutMentions(`by ${clip(notice.actor, 80)}`), againText(notice), notice.attempt > 1 && `attempt ${notice.attempt}`].filter(Boolean).join(' · ');
  return {
    embeds: [{
      title: `${icon} ${safe(notice.flow, 160)} ${words}`,
      url: linkable(notice.url),
      ...(description && { description }),
      color,
      fields: fieldsOf(notice),
      ...(footer && { footer: { text: footer } }),
      timestamp: notice.at,
    }],
    allowed_mentions: { parse: [] },
  };
};
