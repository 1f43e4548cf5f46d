import type { Expected, Random, Rig, RigOptions } from '@stellwerk/testing/rig';

/** Scenarios with the same key share one rig, one after the other; each leaves it healed. */
export interface Setup {
  readonly key: string;
  readonly options: RigOptions;
}

export interface ScenarioContext {
  readonly rig: Rig;
  readonly random: Random;
  /** True: every wait has its full length, as in the complete suite. */
  readonly full: boolean;
  /** What this scenario causes on purpose; the invariants allow for it. */
  readonly expected: Expected;
  /** One line of progress. */
  say(line: string): void;
  /** Words for the column "what was done". */
  did(what: string): void;
  /** A part, or all of it, that this machine cannot run, and why. Never counts as held. */
  notRun(why: string): void;
  /** A condition of this scenario's own beside the invariants; a false one is a violation, and the scenario goes on. */
  check(condition: boolean, otherwise: string): void;
  /** Resolves when nothing moves any more; the runner does it once more at the end. */
  quiet(timeoutMs?: number): Promise<void>;
}

/** One fault, or one kind of it, and what must be true afterwards. */
export interface Scenario {
  readonly number: number;
  readonly title: string;
  readonly setup: Setup;
  /** Part of `npm test`. */
  readonly quick?: boolean;
  /** How long it may take until all is quiet again. Default 180. */
  readonly quietSeconds?: number;
  run(context: ScenarioContext): Promise<void>;
}
