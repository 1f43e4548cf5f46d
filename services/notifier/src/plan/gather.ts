import { againText, LOOKS, moreText } from '../render/text.js';
import type { Notice } from './notice.js';
import { topicOf, type Fate } from './repeats.js';
import type { Word } from './transition.js';

/** What is told first. */
const ORDER: readonly Word[] = ['failed', 'rolled-back', 'missing', 'cancelled', 'recovered', 'succeeded', 'started'];

const NAMED = 10;

/** One notice a run, its newest. */
export const newestOf = (notices: readonly Notice[]): Notice[] => {
  const newest = new Map<string, Notice>();
  for (const notice of notices.toSorted((one, other) => one.version - other.version)) newest.set(notice.run, notice);
  return [...newest.values()];
};

/** What went wrong first. */
const sorted = (notices: readonly Notice[]): Notice[] =>
  notices.toSorted((one, other) => ORDER.indexOf(one.word) - ORDER.indexOf(other.word) || one.at.localeCompare(other.at));

/** For kinds that cannot show a list. */
const inWords = (notices: readonly Notice[]): string => {
  const said = notices.slice(0, NAMED).map((notice) => [`${notice.flow} ${LOOKS[notice.word].words}`, notice.branch && `(${notice.branch})`, againText(notice)].filter(Boolean).join(' '));
  return [...said, ...moreText(notices.length - NAMED)].join('; ');
};

/** The page that lists all runs, from a page of one of them. */
const pageOfAll = (url: string): string => url.replace(/\/runs\/[^/]*$/, '');

/** What was the same before is not said again, but the newest of the same within stands for all of them. */
const withoutRepeats = async (notices: readonly Notice[], count: (notice: Notice) => Promise<Fate>): Promise<Notice[]> => {
  const said = new Map<string, Notice>();
  for (const notice of notices.toSorted((one, other) => one.at.localeCompare(other.at))) {
    const { counted, repeats } = await count(notice);
    const same = `${notice.word} ${topicOf(notice)}`;
    if (counted && !said.has(same)) continue;
    const key = counted || !said.has(same) ? same : `${same} ${notice.run}`;
    said.set(key, { ...notice, ...(repeats > 0 && { repeats }) });
  }
  return [...said.values()];
};

/**
 * One message of several; of a single one, that itself. Undefined: there is nothing to say. `id`: in the place of a run;
 * `count`: asked of each, in the order in which they happened.
 */
export const gather = async (notices: readonly Notice[], id: string, count: (notice: Notice) => Promise<Fate>): Promise<Notice | undefined> => {
  const gathered = sorted(await withoutRepeats(newestOf(notices), count));
  const [first] = gathered;
  if (!first || gathered.length === 1) return first;
  const at = gathered.map((notice) => notice.at).sort().at(-1)!;
  return {
    word: 'digest', at, run: id, flow: `${gathered.length} runs`, attempt: 1, version: 1, state: 'digest', url: pageOfAll(first.url), reason: inWords(gathered), steps: [], gathered,
  };
};
