/** What an expression may read. An absent or undefined key is a missing one. */
export interface Scope {
  event: Record<string, unknown>;
  env?: Record<string, unknown>;
  /** Per step name: `{ state, outcome, run: { id, url }, outputs }`. */
  steps?: Record<string, unknown>;
  run?: Record<string, unknown>;
  environment?: { name: string; lastGood?: Record<string, unknown> };
  inputs?: Record<string, unknown>;
  /** The events of a join, by the names of its parts. */
  events?: Record<string, unknown>;
  /** Answers of `success()`, `failure()`, `cancelled()`; without it they are no functions. `always()` is true. */
  statusFunctions?: StatusFunctions;
}

export interface StatusFunctions {
  success: boolean;
  failure: boolean;
  cancelled: boolean;
}
