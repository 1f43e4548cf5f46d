import { againText, LOOKS, moreText } from '../render/text.js';
import type { Notice } from './notice.js';
import { topicOf, type Fate } from './repeats.js';
import type { Word } from './transition.js';

/** What is told first. */
const ORDER: readonly Word[] = ['failed', 'rolled-back', 'missing', 'cancelled', 'recovered', 'succeeded', 'started'];

const NAMED = 10;

/** No channel shows more of them; all others are a number. */
export const MOST_SHOWN = 100;

/** What a digest says so far; it is made page by page, and has the same size however many are gathered. */
export interface Gathering {
  /** The most important, in the order in which they are told. */
  shown: Notice[];
  /** Of all that is told, shown or not. */
  total: number;
  /** When the last of it happened, RFC 3339. */
  at: string;
}

export const NOTHING_YET: Gathering = { shown: [], total: 0, at: '' };

/** One of a page, with what becomes of it. */
export interface Judged {
  notice: Notice;
  fate: Pick<Fate, 'counted' | 'repeats'>;
}

/** What went wrong first. */
const sorted = (notices: readonly Notice[]): Notice[] =>
  notices.toSorted((one, other) => ORDER.indexOf(one.word) - ORDER.indexOf(other.word) || one.at.localeCompare(other.at));

/** Of what is counted together. */
const isSame = (one: Notice, other: Notice): boolean => one.word === other.word && topicOf(one) === topicOf(other);

/** With the next page, whose notices are of a run each and in the order in which they happened. */
export const gatherMore = (so: Gathering, page: readonly Judged[]): Gathering => {
  const shown = [...so.shown];
  let { total, at } = so;
  for (const { notice, fate: { counted, repeats } } of page) {
    const said = { ...notice, ...(repeats > 0 && { repeats }) };
    if (notice.at > at) at = notice.at;
    if (counted) {
      // What was said before this digest is not said again, but the newest of the same within it stands for all of them.
      const same = shown.findLastIndex((one) => isSame(one, notice));
      if (same >= 0) shown[same] = said;
    } else {
      shown.push(said);
      total += 1;
    }
  }
  return { shown: sorted(shown).slice(0, MOST_SHOWN), total, at };
};

/** For kinds that cannot show a list. */
const inWords = (notices: readonly Notice[], total: number): string => {
  const said = notices.slice(0, NAMED).map((notice) => [`${notice.flow} ${LOOKS[notice.word].words}`, notice.branch && `(${notice.branch})`, againText(notice)].filter(Boolean).join(' '));
  return [...said, ...moreText(total - said.length)].join('; ');
};

/** The page that lists all runs, from a page of one of them. */
const pageOfAll = (url: string): string => url.replace(/\/runs\/[^/]*$/, '');

/** One message of all; of a single one, that itself. Undefined: there is nothing to say. `id`: in the place of a run. */
export const digestOf = ({ shown, total, at }: Gathering, id: string): Notice | undefined => {
  const [first] = shown;
  if (!first || total === 1) return first;
  return {
    word: 'digest', at, run: id, flow: `${total} runs`, attempt: 1, version: 1, state: 'digest', url: pageOfAll(first.url), reason: inWords(shown, total), steps: [],
    gathered: shown, ...(total > shown.length && { more: total - shown.length }),
  };
};
