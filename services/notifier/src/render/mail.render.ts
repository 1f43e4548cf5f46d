import { createHash } from 'node:crypto';
import type { Notice } from '../plan/notice.js';
import { againText, clip, durationText, linkable, LOOKS, moreText, shortSha, unnamed } from './text.js';

export interface MailText {
  subject: string;
  text: string;
  html: string;
}

interface Row {
  label: string;
  value: string;
  href?: string;
}

const MOST = { subject: 180, text: 1_000, place: 200, link: 1_000, gathered: 100 };

// Of no width: mail programs make links of what looks like one, and what came from outside shall not be one.
const BREAK = '\u200b';

/** Texts that turn the direction of writing make one name look like another. */
const plain = (text: string, length: number): string => clip(text.replace(/[\u202a-\u202e\u2066-\u2069]/g, ''), length).replace(/:(?=\/\/)/g, `:${BREAK}`);

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

const stepRow = ({ name, state, reason, url }: NonNullable<Notice['step']>): Row =>
  ({ label: 'Step', value: `${plain(name, MOST.place) || 'step'} ${plain(state, 40)}${reason ? `: ${plain(reason, MOST.text)}` : ''}`, href: linkable(url, MOST.link) });

const row = (label: string, text: string | undefined, length = MOST.place, url?: string): Row[] => {
  const value = text === undefined ? '' : plain(text, length);
  return value === '' ? [] : [{ label, value, href: linkable(url, MOST.link) }];
};

const rowsOf = (notice: Notice): Row[] => [
  ...row('Repository', notice.repository),
  ...row(notice.tag === undefined ? 'Branch' : 'Tag', notice.branch),
  ...row('Commit', notice.sha && shortSha(notice.sha), MOST.place, notice.causeUrl),
  ...row('Change', notice.title, MOST.text),
  ...row('Reason', notice.reason, MOST.text),
  ...(notice.step ? [stepRow(notice.step)] : []),
  ...row('By', notice.actor),
  ...row('Attempt', notice.attempt > 1 ? String(notice.attempt) : undefined),
  ...row('Duration', notice.durationMs === undefined ? undefined : durationText(notice.durationMs)),
  ...row('Run', notice.run, MOST.place, notice.url),
];

/** Of a digest: a row each run, as far as a mail is read. */
const gatheredRows = (notice: Notice, gathered: readonly Notice[]): Row[] => {
  const left = Math.max(0, gathered.length - MOST.gathered);
  return [...gathered.slice(0, MOST.gathered).map(gatheredRow), ...moreText(unnamed(notice, left)).flatMap((text) => row('More', text, MOST.place, notice.url))];
};

const gatheredRow = (notice: Notice): Row => {
  const why = notice.step ? `${plain(notice.step.name, MOST.place)} ${plain(notice.step.state, 40)}` : notice.reason && plain(notice.reason, MOST.place);
  return { label: headlineOf(notice), value: [placeOf(notice), why].filter(Boolean).join(': ') || 'run', href: linkable(notice.url, MOST.link) };
};

const headlineOf = (notice: Notice): string => [`${notice.flow} ${LOOKS[notice.word].words}`, againText(notice)].filter(Boolean).join(' ');

const htmlRow = ({ label, value, href }: Row): string => {
  const shown = href ? `<a href="${escape(href)}">${escape(value)}</a>` : escape(value);
  return `<tr><th align="left" valign="top" style="padding-right:1em">${escape(label)}</th><td>${shown}</td></tr>`;
};

const placeOf = ({ repository, branch }: Notice): string => [repository, branch].map((part) => part && plain(part, 60)).filter(Boolean).join(' @ ');

/** What a mail says, as plain text and as HTML: each text from outside is on one line of its own, and no markup. */
export const mailText = (notice: Notice): MailText => {
  const { icon } = LOOKS[notice.word];
  const headline = headlineOf(notice);
  const place = placeOf(notice);
  const rows = notice.gathered ? gatheredRows(notice, notice.gathered) : rowsOf(notice);
  return {
    subject: clip(`${icon} ${headline}${place && ` (${place})`}`, MOST.subject),
    text: `${headline}\n\n${rows.map(({ label, value, href }) => `${label}: ${value}${href ? `\n  ${href}` : ''}`).join('\n')}\n`,
    html: `<!doctype html><html><body><p><strong>${icon} ${escape(headline)}</strong></p><table>${rows.map(htmlRow).join('')}</table></body></html>`,
  };
};

/** What all mails of a run refer to, so that they are one thread. No mail has it as its own: whichever is sent first. */
export const threadId = (run: string, domain: string): string => `<run-${createHash('sha256').update(run).digest('hex').slice(0, 32)}@${domain}>`;
