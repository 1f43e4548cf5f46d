import type { Outcome } from '@stellwerk/contracts';
import { outcomeIn } from '../shared/outcome-words.js';

const OUTCOMES: Readonly<Record<string, Outcome>> = { Succeeded: 'success', Failed: 'failure', Error: 'error' };

/** A stopped workflow is Failed with these words: workflow/controller/operator.go */
const STOPPED = /^(Stopped with strategy|workflow shutdown with strategy)/;
const LATE = /exceeded its deadline/i;

/** The outcome behind a phase and its message; undefined while it goes on (`""`, Pending, Running). */
export const outcomeOfArgoWorkflow = (phase: string | undefined, message?: string): Outcome | undefined => {
  if (phase !== 'Failed' || message === undefined) return outcomeIn(OUTCOMES, phase);
  if (STOPPED.test(message)) return 'cancelled';
  return LATE.test(message) ? 'timeout' : 'failure';
};
