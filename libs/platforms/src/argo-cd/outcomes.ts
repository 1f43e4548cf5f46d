import type { Outcome } from '@stellwerk/contracts';
import { outcomeIn } from '../shared/outcome-words.js';

const OUTCOMES: Readonly<Record<string, Outcome>> = { Succeeded: 'success', Failed: 'failure', Error: 'error' };
const TERMINATED = /\bterminated?\b/i;

/** The outcome behind the phase of an operation and its message; undefined while it goes on (Running, Terminating). */
export const outcomeOfArgoCd = (phase: string | undefined, message?: string): Outcome | undefined =>
  (phase === 'Failed' || phase === 'Error') && message !== undefined && TERMINATED.test(message) ? 'cancelled' : outcomeIn(OUTCOMES, phase);
