import type { Notice } from '../plan/notice.js';
import { againText, clip, durationText, fitting, linkable, LOOKS, moreText, shortSha, unnamed } from './text.js';

interface TextBlock {
  type: 'TextBlock';
  text: string;
  wrap: true;
  size?: 'Medium';
  weight?: 'Bolder';
}

interface FactSet {
  type: 'FactSet';
  facts: { title: string; value: string }[];
}

export interface TeamsCard {
  $schema: string;
  type: 'AdaptiveCard';
  version: string;
  /** Where cards are not shown: notifications, old clients. */
  fallbackText: string;
  msteams: { width: 'Full' };
  body: (TextBlock | FactSet)[];
  actions: { type: 'Action.OpenUrl'; title: string; url: string }[];
}

/** The envelope that "When a Teams webhook request is received" asks for. */
export interface TeamsMessage {
  type: 'message';
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive'; contentUrl: null; content: TeamsCard }];
}

// Teams takes 28 KB in all. Escaping makes up to six bytes of one character: these are far below it together. Of a digest:
// so many runs, and of all their lines so many characters, which are three bytes each at most.
const MOST = { flow: 80, title: 200, reason: 800, place: 200, step: 80, state: 40, actor: 80, link: 1_000, gathered: 40, lines: 7_000 };

// Of no width, and the end of whatever needs two characters side by side: links, mentions, dates, templates. Clients differ
// in which backslashes they heed, so none of these depends on one.
const BREAK = '\u200b';

/** Markdown, mentions (`<at>`), links, and functions of cards (`{{DATE(…)}}`) become text: https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features */
const escape = (text: string): string =>
  text.replace(/[\\*_~`[\]()#|]|^[-+>]|^\d+(?=[.)])/g, (found) => (/\d/.test(found) ? `${found}${BREAK}` : `\\${found}`))
    .replace(/[\]<{$]|:(?=\/\/)/g, `$&${BREAK}`).replace(/&(?=#?\w+;)/g, `&${BREAK}`);

const safe = (text: string, length: number): string => escape(clip(text, length));

const linked = (url: string | undefined, text: string): string => {
  const href = linkable(url, MOST.link);
  return href ? `[${text}](${href})` : text;
};

const stepText = ({ name, state, reason, url }: NonNullable<Notice['step']>): string =>
  `${linked(url, safe(name, MOST.step) || 'step')} ${safe(state, MOST.state)}${reason ? `: ${safe(reason, MOST.reason)}` : ''}`;

const factsOf = ({ repository, branch, sha, step, actor, attempt, durationMs }: Notice): FactSet['facts'] => [
  { title: 'Repository', value: repository && safe(repository, MOST.place) },
  { title: 'Branch', value: branch && safe(branch, MOST.place) },
  { title: 'Commit', value: sha && safe(shortSha(sha), MOST.place) },
  { title: 'Step', value: step && stepText(step) },
  { title: 'By', value: actor && safe(actor, MOST.actor) },
  { title: 'Attempt', value: attempt > 1 ? String(attempt) : undefined },
  { title: 'Duration', value: durationMs === undefined ? undefined : durationText(durationMs) },
].filter((fact): fact is { title: string; value: string } => Boolean(fact.value));

const block = (text: string | undefined, more: Partial<TextBlock> = {}): TextBlock[] => (text ? [{ type: 'TextBlock', text, wrap: true, ...more }] : []);

/** One run within a digest: short, as there are many. */
const gatheredLine = (notice: Notice): string => {
  const { icon, words } = LOOKS[notice.word];
  const place = [notice.repository, notice.branch].map((part) => part && safe(part, 100)).filter(Boolean).join(' @ ');
  const why = notice.step ? `${safe(notice.step.name, MOST.step)} ${safe(notice.step.state, MOST.state)}` : notice.reason && safe(notice.reason, 150);
  return [`${icon} ${linked(notice.url, safe(notice.flow, MOST.flow))} ${words}`, place, why, againText(notice)].filter(Boolean).join(' · ');
};

const digestOf = (notice: Notice, gathered: readonly Notice[]): TextBlock[] => {
  const { kept, left } = fitting(gathered.map(gatheredLine), MOST.lines, MOST.gathered);
  return [...kept, ...moreText(unnamed(notice, left)).map((text) => linked(notice.url, text))].flatMap((line) => block(line));
};

const runOf = (notice: Notice): TeamsCard['body'] => {
  const facts = factsOf(notice);
  return [
    ...block(notice.title && safe(notice.title, MOST.title)),
    ...block(notice.reason && safe(notice.reason, MOST.reason)),
    ...(facts.length > 0 ? [{ type: 'FactSet' as const, facts }] : []),
  ];
};

const cardOf = (notice: Notice): TeamsCard => {
  const { icon, words } = LOOKS[notice.word];
  const headline = [`${icon} ${safe(notice.flow, MOST.flow)} ${words}`, againText(notice)].filter(Boolean).join(' · ');
  const url = linkable(notice.url, MOST.link);
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: headline,
    msteams: { width: 'Full' },
    body: [...block(headline, { size: 'Medium', weight: 'Bolder' }), ...(notice.gathered ? digestOf(notice, notice.gathered) : runOf(notice))],
    actions: url ? [{ type: 'Action.OpenUrl', title: notice.gathered ? 'Open the runs' : 'Open the run', url }] : [],
  };
};

/** A card for a Workflows webhook of Teams, within 28 KB; without `msteams.entities` in it there is nobody whom it can mention. */
export const teamsMessage = (notice: Notice): TeamsMessage => ({
  type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: cardOf(notice) }],
});
