import { OUTCOMES, type Outcome } from '@stellwerk/contracts';

/** One of our own words. */
export const ownOutcome = (word: string | undefined): Outcome | undefined => OUTCOMES.find((one) => one === word);

/** The outcome behind a platform's word, else one of ours; undefined for words not known. */
export const outcomeIn = (words: Readonly<Record<string, Outcome>>, word: string | undefined): Outcome | undefined =>
  word !== undefined && Object.hasOwn(words, word) ? words[word] : ownOutcome(word);
