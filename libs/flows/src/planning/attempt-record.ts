import type { Attempt, StepState } from '@stellwerk/contracts';
import type { PlatformRunState, TriggerAnswer } from './plan.js';

/** One try, with what the router needs to recognise the platform's run and to move it forward only. */
export interface AttemptRecord extends Attempt {
  /** Set by `moveAttempt` only, as all states here by the function of their table. */
  readonly state: StepState;
  /** Ids of all commands of this attempt; the last one counts. More than one only after a person settled an UNKNOWN. */
  commands: string[];
  /** How many of them a person said never ran: what comes of these all the same is none of the attempt. */
  disowned?: number;
  /** True while the last command asks to follow a run that a person named. */
  follows?: boolean;
  /** The platform's run that a person named last, and the command of ours that is said to have started it. */
  named?: { command: string; run: string };
  /** True once something may run or have run at the platform. */
  triggered: boolean;
  /** `platformRunKey` of the platform's run. */
  key?: string;
  /** The platform's own attempt number of that run; earlier ones are not ours. */
  platformAttempt?: number;
  /** How far the platform's run has come: -1 unheard of, 0 queued, 1 started, 2 finished. */
  rank: number;
  platformTime?: string;
  /** What was heard of a run with our id while the one that a person named is looked for. */
  aside?: PlatformRunState;
  /** What was answered when the run had ended, and this was UNKNOWN. */
  late?: { kind: 'accepted' | 'rejected'; result: TriggerAnswer };
  /** Set when we ordered its cancellation: the platform's runs that were known to us then. */
  cancelSent?: { runs?: string[] };
}
