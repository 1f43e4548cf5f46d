import { FINAL_RUN_STATES, FINAL_STEP_STATES, type Outcome, type RunState, type StepState } from '@stellwerk/contracts';
import type { Work } from './run-record.js';

export type Moves<T extends string> = Readonly<Record<T, readonly T[]>>;

/** Every move a run may make. What is not here does not happen. */
export const RUN_MOVES: Moves<RunState> = {
  queued: ['running', 'waiting', 'rolling-back', 'succeeded', 'failed', 'cancelled'],
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
 * Every move of a step's work; `waiting` is the pause before the next attempt, or for people, time, an event, the end of a freeze, or a place in
 * an environment. Back to `pending` by a retry only: of what is over, and of an UNKNOWN from before a rollback that is settled at last.
 */
export const STEP_MOVES: Moves<StepState> = {
  pending: ['waiting', 'triggering', 'failed', 'cancelled', 'skipped'],
  triggering: ['running', 'unknown', 'waiting', 'succeeded', 'failed', 'cancelled', 'skipped', 'pending'],
  running: ['waiting', 'succeeded', 'failed', 'cancelled', 'skipped', 'pending'],
  unknown: ['triggering', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'skipped', 'pending'],
  waiting: ['triggering', 'succeeded', 'failed', 'cancelled', 'skipped'],
  succeeded: ['pending'],
  failed: ['pending'],
  cancelled: ['pending'],
  skipped: ['pending'],
};

/** Every move of a step's undoing: nobody is asked, so all that it waits for is its next attempt or a place. Done anew by the next rollback only. */
export const ROLLBACK_MOVES: Moves<StepState> = {
  pending: ['waiting', 'triggering', 'failed', 'cancelled', 'skipped'],
  triggering: ['running', 'unknown', 'waiting', 'succeeded', 'failed', 'cancelled', 'skipped'],
  running: ['waiting', 'succeeded', 'failed', 'cancelled', 'skipped'],
  unknown: ['triggering', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'skipped'],
  waiting: ['triggering', 'failed', 'cancelled', 'skipped'],
  succeeded: ['pending'],
  failed: ['pending'],
  cancelled: ['pending'],
  skipped: ['pending'],
};

/** Every move of one attempt, of either work. It begins with its command and never waits: pauses are its step's. An end is for ever. */
export const ATTEMPT_MOVES: Moves<StepState> = {
  pending: [],
  waiting: [],
  triggering: ['running', 'unknown', 'succeeded', 'failed', 'cancelled', 'skipped'],
  running: ['succeeded', 'failed', 'cancelled', 'skipped'],
  unknown: ['triggering', 'running', 'succeeded', 'failed', 'cancelled', 'skipped'],
  succeeded: [],
  failed: [],
  cancelled: [],
  skipped: [],
};

export const isFinalRun = (state: RunState): boolean => FINAL_RUN_STATES.includes(state);

export const isFinalStep = (state: StepState): boolean => FINAL_STEP_STATES.includes(state);

/** Something is going on at the platform, or on its way there. */
export const isActive = (state: StepState): boolean => state === 'triggering' || state === 'running';

const WORK_MOVES: Readonly<Record<Work, Moves<StepState>>> = { run: STEP_MOVES, rollback: ROLLBACK_MOVES };

/** A move that the tables do not have: a fault of ours, never of the world. Whatever led to it is to be kept, and looked at by a person. */
export class ForbiddenMove extends Error {
  constructor(readonly machine: 'run' | 'step' | 'rollback' | 'attempt', readonly from: string, readonly to: string) {
    super(`${machine === 'attempt' ? 'an' : 'a'} ${machine} cannot go from ${from} to ${to}: its table of moves does not have that`);
  }
}

// States are read-only for all others: who would set one without its table does not compile.
const move = <T extends string>(thing: { state: T }, to: T, machine: ForbiddenMove['machine'], moves: Moves<T>): void => {
  if (thing.state === to) return;
  if (!moves[thing.state].includes(to)) throw new ForbiddenMove(machine, thing.state, to);
  thing.state = to;
};

/** Sets the state of a run. Throws ForbiddenMove. */
export const moveRun = (run: { state: RunState }, to: RunState): void => move(run, to, 'run', RUN_MOVES);

/** Sets the state of a step's work, or of its undoing. Throws ForbiddenMove. */
export const moveWork = (activity: { state: StepState }, work: Work, to: StepState): void => move(activity, to, work === 'run' ? 'step' : 'rollback', WORK_MOVES[work]);

/** Sets the state of one attempt. Throws ForbiddenMove. */
export const moveAttempt = (attempt: { state: StepState }, to: StepState): void => move(attempt, to, 'attempt', ATTEMPT_MOVES);

const STATE_OF_OUTCOME: Readonly<Record<Outcome, StepState>> = {
  success: 'succeeded',
  failure: 'failed',
  error: 'failed',
  timeout: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
};

export const stateOfOutcome = (outcome: Outcome): StepState => STATE_OF_OUTCOME[outcome];
