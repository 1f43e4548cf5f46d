import type { Notice } from '../plan/notice.js';
import { clip, durationText, linkable, LOOKS, shortSha } from './text.js';

export interface SlackMessage {
  /** Shown in notifications. */
  text: string;
  blocks: unknown[];
  unfurl_links: false;
  unfurl_media: false;
}

// A section holds 3,000 characters; escaping makes at most five of one.
const MOST = { title: 200, reason: 500, place: 200 };

/** Slack's three: https://docs.slack.dev/messaging/formatting-message-text/#escaping. `<!channel>` is then only text. */
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Without `*`, `_`, `~` and backticks, which would end the formatting around it. */
const inline = (text: string, length: number): string => escape(clip(text, length).replace(/[*_~`]/g, ' '));

const link = (url: string | undefined, text: string): string => {
  const href = linkable(url);
  return href ? `<${href}|${text}>` : text;
};

const placeOf = ({ repository, branch, sha }: Notice): string | undefined => {
  const parts = [repository && inline(repository, MOST.place), branch && `@ \`${inline(branch, MOST.place)}\``, sha && `\`${inline(shortSha(sha), 40)}\``];
  return parts.some(Boolean) ? parts.filter(Boolean).join(' ') : undefined;
};

const stepLine = ({ step }: Notice): string | undefined => {
  if (!step) return undefined;
  const name = link(step.url, `step ${inline(step.name, 80)}`);
  return `*${name}* ${inline(step.state, 20)}${step.reason ? `: ${inline(step.reason, MOST.reason)}` : ''}`;
};

/** `verbatim`: Slack makes no links, mentions or channels out of what stands in the text. */
const section = (text: string): unknown => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } });

/** A message for an incoming webhook of Slack, within its limits and with nothing in it that pings. */
export const slackMessage = (notice: Notice): SlackMessage => {
  const { icon, words } = LOOKS[notice.word];
  const headline = `${icon} *${link(notice.url, inline(notice.flow, 80))}* ${words}`;
  const reason = notice.reason ? inline(notice.reason, MOST.reason) : undefined;
  const lines = [headline, placeOf(notice), notice.title && inline(notice.title, MOST.title), reason, stepLine(notice)];
  const small = [
    notice.durationMs !== undefined && `took ${durationText(notice.durationMs)}`,
    notice.actor && `by ${inline(notice.actor, 80)}`,
    notice.attempt > 1 && `attempt ${notice.attempt}`,
  ].filter(Boolean);
  return {
    text: `${icon} ${escape(clip(notice.flow, 80))} ${words}${notice.repository ? ` (${inline(notice.repository, MOST.place)})` : ''}`,
    blocks: [
      section(lines.filter(Boolean).join('\n')),
      ...(small.length > 0 ? [{ type: 'context', elements: [{ type: 'mrkdwn', text: small.join(' · '), verbatim: true }] }] : []),
    ],
    unfurl_links: false,
    unfurl_media: false,
  };
};
