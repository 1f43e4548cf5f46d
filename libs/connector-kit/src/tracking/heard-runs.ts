import type { PlatformEvent } from '@stellwerk/contracts';

/** One event about a platform's run, told by a hook or a poll. */
export interface HeardRun {
  /** As `platformRunKey` makes it. */
  runKey: string;
  finished: boolean;
  event: PlatformEvent;
}

/** Keeps what was told of a platform's runs, by whomever, for a sweep that looks for what nobody told. */
export interface HeardRuns {
  note(heard: readonly HeardRun[]): Promise<void>;
}

/** Provider token; absent in connectors whose sweep needs none. */
export const HEARD_RUNS: unique symbol = Symbol('stellwerk.heard-runs');
