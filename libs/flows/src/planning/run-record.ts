import type { Approval, Awaited, Outcome, Platform, RunRetried, RunState, StepState } from '@stellwerk/contracts';
import type { EventContext, InputValue } from '../model.js';
import type { AttemptRecord } from './attempt-record.js';

/** What a step does at its platform: its work, or its undoing. */
export type Work = 'run' | 'rollback';

/** What a step waits for; `number` counts over all that it waited for, and names the clock. */
export interface GateRecord extends Awaited {
  number: number;
}

/** All tries of one step's work. */
export interface Activity {
  readonly state: StepState;
  outcome?: Outcome;
  reason?: string;
  attempts: AttemptRecord[];
  /** Commands sent so far: the `n` of the last one. */
  sent: number;
  /** Present while it waits for something else than its next attempt. */
  gate?: GateRecord;
  /** The people whom its environment asks have approved. */
  approved?: boolean;
  /** Attempts from before the last order to do it anew: the flow's retries count from there. */
  before?: number;
  /** Attempts whose work was rolled back: nothing of it is there any more. */
  undone?: number;
  /** Attempts that a retry made stale, as it does their needs again, or as their place was given back: their end is none of the step. */
  stale?: number;
}

export interface StepRecord {
  name: string;
  run: Activity;
  rollback?: Activity;
  /** The rollback from before the run was retried: its numbers go on. */
  rolledBack?: Activity;
  /** Cancel commands sent so far. */
  cancels: number;
  /** How often it has begun to wait. */
  gates?: number;
  /** The last one it asked for. */
  approval?: Approval;
  /** The event that it waits for, or will at its turn, has come. */
  heard?: { event: string; fact: string };
  startedAt?: string;
  finishedAt?: string;
  /** Its place in the environment, where that has a `concurrency`: asked for or held. */
  slot?: { environment: string; held: boolean };
}

/** A commit status we keep up to date; a state is sent only after the one before was answered, so that they cannot overtake. */
export interface ReportRecord {
  connection: string;
  platform: Platform;
  repository: string;
  sha: string;
  /** Id of the last command. */
  command: string;
  state: ReportState;
  answered: boolean;
  /** It said that the run waits in the line of its group. */
  queued?: true;
}

export type ReportState = 'pending' | 'success' | 'failure' | 'error';

/** The newest deployment known to be good, as `environment.lastGood` shows it. */
export interface LastGood {
  run: { id: string };
  event: Record<string, unknown>;
  env: Record<string, unknown>;
  deployedAt: string;
}

/** How a run came about through other runs. */
export interface Chain {
  /** Runs before this one. */
  links: number;
  /** Their flows. */
  flows: string[];
}

/** A run as the router keeps it: plain JSON, changed by `startRun` and `advance` only. */
export interface RunRecord {
  id: string;
  flow: string;
  revision: string;
  trigger: number;
  readonly state: RunState;
  reason?: string;
  event: EventContext;
  /** Of a join: each of its events, by the name of its part. */
  events?: Record<string, EventContext>;
  /** The fact that started it, where it is not that of `event`: a round of a join. */
  cause?: string;
  /** As the flow declares them; absent when it declares none. */
  inputs?: Record<string, InputValue>;
  /** Rendered once, at the start. */
  env: Record<string, unknown>;
  /** Connection names of the flow with their platforms, as they were at the start. */
  connections: Record<string, Platform>;
  steps: StepRecord[];
  attempt: number;
  retried?: RunRetried;
  /** Rollbacks that were ordered after its end. */
  rollbacks?: number;
  version: number;
  /** What is kept of it: how many entries, and its version after the last one. Absent until the first. */
  history?: { entries: number; version: number };
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  /** W3C trace context of the start. */
  traceparent?: string;
  chain: Chain;
  /** A person's order. */
  cancelled?: { by: string; at: string };
  /** The flow's own time was over. */
  timedOut?: boolean;
  /** When that is; or, while it stands still, what is left of it. */
  clock?: { due?: string; leftMs?: number };
  /** Present from the moment the rollback starts; what was good then, per environment. */
  rollback?: { startedAt: string; lastGood: Record<string, LastGood> };
  reports: ReportRecord[];
  reportsSent: number;
  /** What else people should know, e.g. that a circle was stopped here. */
  notes: string[];
  /** Its place in its group, where the flow has a `concurrency`. */
  slot?: { group: string; state: 'waits' | 'held' | 'left' };
}
