import type { Outcome } from '@stellwerk/contracts';

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  SUCCESS: 'success',
  UNSTABLE: 'failure',
  FAILURE: 'failure',
  ABORTED: 'cancelled',
  NOT_BUILT: 'skipped',
};

/** The outcome behind a build's result; undefined for none and for words not known. */
export const outcomeOfJenkins = (result: string | null | undefined): Outcome | undefined =>
  result && Object.hasOwn(OUTCOMES, result) ? OUTCOMES[result] : undefined;
