export { advance } from './advance.js';
export { isFurther } from './apply-platform-run.js';
export { isFinalRun, isFinalStep, RUN_MOVES, STEP_MOVES } from './moves.js';
export type * from './plan.js';
export type * from './run-record.js';
export { CONDITION_FALSE } from './settle.js';
export { snapshotOf } from './snapshot.js';
export { startRun, type NewRun } from './start-run.js';
