import { createHash } from 'node:crypto';
import { pipelineOf } from '@stellwerk/contracts';
import type { Notice } from './notice.js';
import type { Word } from './transition.js';

/** What a channel heard last of a pipeline. */
export interface Topic {
  word: Word;
  /** How often in a row, this last one included. */
  times: number;
  /** The run that it was said of. */
  run: string;
  saidAt: Date;
}

/** How a channel is spared, and what it can. */
export interface Manner {
  /** The same is not repeated for so long. */
  sameMs?: number;
  /** What comes within it is gathered. */
  digestMs?: number;
  /** Its messages are edited. */
  living?: boolean;
}

/** What becomes of one message. */
export interface Fate {
  /** Not said: only counted. */
  counted: boolean;
  /** So often the same was there before. */
  repeats: number;
  /** An edit that nobody is told of. */
  silent: boolean;
  /** The run whose message says it, if this one has none of its own. */
  follows?: string;
}

/** Of what is told each time. */
export const UNCOUNTED: Fate = { counted: false, repeats: 0, silent: false };

/** How a run ended: of these the last one counts, the others are kept apart. */
const ENDS: readonly Word[] = ['succeeded', 'failed', 'recovered', 'cancelled', 'rolled-back'];
/** Somebody is awaited: each of these asks for something else. */
const URGENT: readonly Word[] = ['approval', 'waiting'];
/** An older message nobody sees change: a new one is said. */
const LIVES_MS = 24 * 3_600_000;

/** Approvals and waits are neither counted nor gathered: a person may be awaited. */
export const isUrgent = (word: Word): boolean => URGENT.includes(word);

/** Whether what is said of it depends on what was said before. Failures are counted everywhere. */
export const isCounted = (word: Word, { sameMs, living }: Manner): boolean => {
  if (isUrgent(word)) return false;
  if (word === 'failed') return true;
  return sameMs !== undefined && (ENDS.includes(word) || !living);
};

/** Names a pipeline, a flow on one branch of one repository, and what of it is counted together. */
export const topicOf = ({ word, flow, pipeline, ...event }: Pick<Notice, 'word' | 'flow' | 'repository' | 'branch' | 'pipeline'>): string => {
  const { repository = '', branch = '' } = pipelineOf({ pipeline, event });
  return createHash('sha256').update(JSON.stringify([flow, repository, branch, ENDS.includes(word) ? 'end' : word])).digest('hex').slice(0, 40);
};

/** What becomes of a message, by what was said before it. `now` is the clock of the database, which all replicas share. */
export const fateOf = (known: Topic | undefined, { word, run }: { word: Word; run: string }, { sameMs, living }: Manner, now: Date): Fate & { topic: Topic } => {
  if (known?.word !== word) return { counted: false, repeats: 0, silent: false, topic: { word, times: 1, run, saidAt: now } };
  const age = now.getTime() - known.saidAt.getTime();
  const quiet = sameMs !== undefined && age < sameMs;
  const repeats = word === 'failed' || quiet || known.times > 1 ? known.times : 0;
  // A failure goes on counting until something else is; of all else, what was said is done with.
  const times = word === 'failed' || quiet ? known.times + 1 : 1;
  const topic: Topic = { word, times, run: quiet && !living ? known.run : run, saidAt: quiet ? known.saidAt : now };
  if (!living) return { counted: quiet, repeats, silent: false, topic };
  const isSeen = quiet || (word === 'failed' && age < LIVES_MS);
  return { counted: false, repeats, silent: quiet, ...(isSeen && known.run !== run && { follows: known.run }), topic };
};
