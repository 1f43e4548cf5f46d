import { FINAL_RUN_STATES, FINAL_STEP_STATES, type Outcome, type RunState, type StepState } from '@stellwerk/contracts';

/** Every move a run may make. What is not here does not happen. */
export const RUN_MOVES: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['running', 'waiting', 'succeeded', 'failed', 'cancelled'],
  running: ['waiting', 'rolling-back', 'succeeded', 'failed', 'cancelled'],
  waiting: ['running', 'rolling-back', 'succeeded', 'failed', 'cancelled'],
  'rolling-back': ['rolled-back', 'failed', 'cancelled'],
  // Out of an end only by a person's order: retry, or rollback.
  succeeded: ['rolling-back'],
  failed: ['running', 'queued', 'rolling-back'],
  cancelled: ['running', 'queued', 'rolling-back'],
  'rolled-back': ['running', 'queued', 'rolling-back'],
};

/**
 * Every move a step's work, or one attempt of it, may make; `waiting` is the pause before the next attempt, or for people, time, an event, the end
 * of a freeze, or a place in an environment.
 */
export const STEP_MOVES: Readonly<Record<StepState, readonly StepState[]>> = {
  pending: ['waiting', 'triggering', 'failed', 'cancelled', 'skipped'],
  triggering: ['running', 'unknown', 'waiting', 'succeeded', 'failed', 'cancelled', 'skipped'],
  running: ['waiting', 'succeeded', 'failed', 'cancelled', 'skipped'],
  unknown: ['triggering', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'skipped'],
  waiting: ['triggering', 'succeeded', 'failed', 'cancelled', 'skipped'],
  succeeded: [],
  failed: [],
  cancelled: [],
  skipped: [],
};

export const isFinalRun = (state: RunState): boolean => FINAL_RUN_STATES.includes(state);

export const isFinalStep = (state: StepState): boolean => FINAL_STEP_STATES.includes(state);

/** Something is going on at the platform, or on its way there. */
export const isActive = (state: StepState): boolean => state === 'triggering' || state === 'running';

/** Sets the state of a run. Throws on a move that the table does not have: a fault of ours, never of the world. */
export const moveRun = (run: { state: RunState }, to: RunState): void => {
  if (run.state === to) return;
  if (!RUN_MOVES[run.state].includes(to)) throw new Error(`a run cannot go from ${run.state} to ${to}`);
  run.state = to;
};

/** As `moveRun`, for a step's work or one attempt of it. */
export const moveStep = (thing: { state: StepState }, to: StepState): void => {
  if (thing.state === to) return;
  if (!STEP_MOVES[thing.state].includes(to)) throw new Error(`a step cannot go from ${thing.state} to ${to}`);
  thing.state = to;
};

const STATE_OF_OUTCOME: Readonly<Record<Outcome, StepState>> = {
  success: 'succeeded',
  failure: 'failed',
  error: 'failed',
  timeout: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
};

export const stateOfOutcome = (outcome: Outcome): StepState => STATE_OF_OUTCOME[outcome];
