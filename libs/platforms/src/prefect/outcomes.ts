import type { Outcome } from '@stellwerk/contracts';
import { outcomeIn } from '../shared/outcome-words.js';

/** Terminal state types: https://docs.prefect.io/v3/concepts/states */
const OUTCOMES: Readonly<Record<string, Outcome>> = { COMPLETED: 'success', FAILED: 'failure', CANCELLED: 'cancelled', CRASHED: 'error' };

/** The outcome behind a state's type and name; undefined while a run goes on. A run past its time limit is FAILED by type and TimedOut by name. */
export const outcomeOfPrefect = (type: string | undefined, name?: string): Outcome | undefined =>
  type === 'FAILED' && name === 'TimedOut' ? 'timeout' : outcomeIn(OUTCOMES, type);
