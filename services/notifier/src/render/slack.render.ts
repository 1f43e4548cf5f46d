import type { Notice } from '../plan/notice.js';
import { againText, clip, durationText, fitting, linkable, LOOKS, moreText, shortSha, unnamed } from './text.js';

interface SlackText {
  type: 'mrkdwn';
  text: string;
  /** Slack makes no links, mentions or channels out of what stands in the text. */
  verbatim: true;
}

/** https://docs.slack.dev/reference/block-kit/blocks */
type SlackBlock = { type: 'section'; text: SlackText } | { type: 'context'; elements: SlackText[] };

export interface SlackMessage {
  /** Shown in notifications. */
  text: string;
  blocks: SlackBlock[];
  unfurl_links: false;
  unfurl_media: false;
}

// A section holds 3,000 characters, as Slack counts them: escaped, links and all. More is refused whole.
const MOST = { flow: 80, title: 200, reason: 500, place: 200, link: 450, gathered: 40 };

/** Slack's three: https://docs.slack.dev/messaging/formatting-message-text/#escaping. `<!channel>` is then only text. */
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Escaped, and then of at most `length`: escaping makes up to five characters of one. */
const escapedUpTo = (text: string, length: number): string => {
  const whole = escape(text);
  if (whole.length <= length) return whole;
  let kept = '';
  for (const character of text) {
    const next = escape(character);
    if (kept.length + next.length >= length) break;
    kept += next;
  }
  return `${kept}…`;
};

/** Without `*`, `_`, `~` and backticks, which would end the formatting around it. */
const inline = (text: string, length: number): string => escapedUpTo(clip(text, length).replace(/[*_~`]/g, ' '), length);

const link = (url: string | undefined, text: string): string => {
  const href = linkable(url, MOST.link);
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

const mrkdwn = (text: string): SlackText => ({ type: 'mrkdwn', text, verbatim: true });

const contextOf = (small: readonly string[]): SlackBlock[] => (small.length > 0 ? [{ type: 'context', elements: [mrkdwn(small.join(' · '))] }] : []);

/** One run within a digest: short, as there are many. */
const gatheredLine = (notice: Notice): string => {
  const { icon, words } = LOOKS[notice.word];
  const why = notice.step ? `${inline(notice.step.name, 60)} ${inline(notice.step.state, 20)}${notice.step.reason ? `: ${inline(notice.step.reason, 150)}` : ''}` : notice.reason && inline(notice.reason, 150);
  return [`${icon} *${link(notice.url, inline(notice.flow, MOST.flow))}* ${words}`, placeOf(notice), why, againText(notice)].filter(Boolean).join(' · ');
};

/** A section for each run while there is room: the whole may fail at about 13,000 characters. */
const digestMessage = (notice: Notice, gathered: readonly Notice[]): SlackMessage => {
  const { kept, left } = fitting(gathered.map(gatheredLine), 9_000, MOST.gathered);
  const headline = `${LOOKS.digest.icon} *${link(notice.url, inline(notice.flow, MOST.flow))}* ${LOOKS.digest.words}`;
  return {
    text: `${LOOKS.digest.icon} ${escapedUpTo(clip(notice.flow, MOST.flow), MOST.flow)} ${LOOKS.digest.words}`,
    blocks: [headline, ...kept].map((line): SlackBlock => ({ type: 'section', text: mrkdwn(line) })).concat(contextOf(moreText(unnamed(notice, left)).map((text) => link(notice.url, text)))),
    unfurl_links: false,
    unfurl_media: false,
  };
};

/** A message for Slack, within its limits and with nothing in it that pings. */
export const slackMessage = (notice: Notice): SlackMessage => (notice.gathered ? digestMessage(notice, notice.gathered) : runMessage(notice));

const runMessage = (notice: Notice): SlackMessage => {
  const { icon, words } = LOOKS[notice.word];
  const headline = `${icon} *${link(notice.url, inline(notice.flow, MOST.flow))}* ${words}`;
  const reason = notice.reason ? inline(notice.reason, MOST.reason) : undefined;
  const lines = [headline, placeOf(notice), notice.title && inline(notice.title, MOST.title), reason, stepLine(notice)];
  const small = [
    notice.durationMs !== undefined && `took ${durationText(notice.durationMs)}`,
    notice.actor && `by ${inline(notice.actor, 80)}`,
    againText(notice),
    notice.attempt > 1 && `attempt ${notice.attempt}`,
  ].filter((part): part is string => Boolean(part));
  return {
    text: `${icon} ${escapedUpTo(clip(notice.flow, MOST.flow), MOST.flow)} ${words}${notice.repository ? ` (${inline(notice.repository, MOST.place)})` : ''}`,
    blocks: [{ type: 'section', text: mrkdwn(lines.filter(Boolean).join('\n')) }, ...contextOf(small)],
    unfurl_links: false,
    unfurl_media: false,
  };
};

/** A line below a run's message: what a person must see of it, in one breath. */
export const slackThreadLine = (notice: Notice): SlackMessage => {
  const { icon, words } = LOOKS[notice.word];
  const parts = [`${icon} ${link(notice.url, inline(notice.flow, MOST.flow))} ${words}`, againText(notice), notice.step ? stepLine(notice) : notice.reason && inline(notice.reason, MOST.reason)];
  const { text } = slackMessage(notice);
  return { text, blocks: [{ type: 'section', text: mrkdwn(parts.filter(Boolean).join(' · ')) }], unfurl_links: false, unfurl_media: false };
};
