import type { Outcome } from '@stellwerk/contracts';
import { outcomeIn } from '../shared/outcome-words.js';

/** `crashed` is shown by versions that tell it apart from `error`. */
const OUTCOMES: Readonly<Record<string, Outcome>> = { success: 'success', error: 'failure', crashed: 'error', canceled: 'cancelled' };

/** The outcome behind the status of an execution; undefined while it goes on (new, running, waiting). */
export const outcomeOfN8n = (status: string | undefined): Outcome | undefined => outcomeIn(OUTCOMES, status);
