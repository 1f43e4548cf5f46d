import type { Outputs } from '../outputs.js';
import type { Outcome } from '../platforms.js';
import type { Approval } from './approval.message.js';
import type { PipelinePlace } from './pipeline.message.js';

export const RUN_STATES = [
  'queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'rolling-back', 'rolled-back',
] as const;

export type RunState = (typeof RUN_STATES)[number];

export const FINAL_RUN_STATES: readonly RunState[] = ['succeeded', 'failed', 'cancelled', 'rolled-back'];

export const STEP_STATES = [
  'pending', 'waiting', 'triggering', 'running', 'succeeded', 'failed', 'cancelled', 'skipped', 'unknown',
] as const;

export type StepState = (typeof STEP_STATES)[number];

export const FINAL_STEP_STATES: readonly StepState[] = ['succeeded', 'failed', 'cancelled', 'skipped'];

/** One try of a step at its platform. */
export interface Attempt {
  /** From 1. */
  number: number;
  state: StepState;
  outcome?: Outcome;
  /** Id of the command that started it. */
  command: string;
  connection: string;
  /** The platform's run. */
  run?: { id: string; url?: string };
  /** What it gave: `steps.<name>.outputs` of later steps. */
  outputs?: Outputs;
  /** Why it failed, is unknown … in words for a person. */
  reason?: string;
  startedAt?: string;
  finishedAt?: string;
}

/** What a step waits for before it starts, or instead of starting anything. */
export interface Awaited {
  kind: 'approval' | 'time' | 'event' | 'freeze';
  /** When that is over at the latest. */
  until?: string;
}

export interface StepSnapshot {
  name: string;
  state: StepState;
  outcome?: Outcome;
  /** `<connection>/<action>`; absent: the step only waits, for people, time or an event. */
  uses?: string;
  needs: string[];
  environment?: string;
  reason?: string;
  /** Present while it waits. */
  awaits?: Awaited;
  /** The last approval that it asked for. */
  approval?: Approval;
  attempts: Attempt[];
  /** Present once a rollback of this step was decided. */
  rollback?: { state: StepState; reason?: string; attempts: Attempt[] };
  startedAt?: string;
  finishedAt?: string;
}

/** The event that started a run, as far as people want to see it. */
export interface RunCause {
  id: string;
  /** Short form, e.g. `pipelinerun.finished`. */
  type: string;
  /** '' when no platform told it: an event of our own, or a person started the run. */
  connection: string;
  repository?: string;
  branch?: string;
  sha?: string;
  url?: string;
  tag?: string;
  title?: string;
  actor?: string;
}

/** An event of a join, as far as people want to see it. */
export interface JoinedEvent {
  id: string;
  type: string;
}

export interface RunRetried {
  by: string;
  at: string;
  from: RunState;
}

/** A run whole; the data of every `run.*` and `step.changed` event. Readers apply only a higher `version`. */
export interface RunSnapshot {
  id: string;
  flow: string;
  /** Hash of the flow as it was when the run started. */
  revision: string;
  state: RunState;
  /** Why it is as it is (failed, waiting …), in words for a person. */
  reason?: string;
  event: RunCause;
  /** Of a join: each of its events, by the name of its part. */
  events?: Record<string, JoinedEvent>;
  /** Of a join: whose run it is, whichever part came last. To be read by `pipelineOf`. */
  pipeline?: PipelinePlace;
  steps: StepSnapshot[];
  /** What it was started with; absent when the flow declares none. */
  inputs?: Record<string, string | number | boolean>;
  /** Counts manual retries, from 1. */
  attempt: number;
  /** The last of them. `from`: how the run had ended before; where people cancelled in between, before that. */
  retried?: RunRetried;
  /** How often a person ordered its rollback after it had ended. */
  rollbacks?: number;
  version: number;
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  /** W3C trace id, 32 hex digits. */
  trace?: string;
}

/** Data of `run.*` and `step.changed` events of the router; `step` names the step that moved. */
export interface RunChanged {
  run: RunSnapshot;
  step?: string;
  /** State of the run at the version before this one; absent at the first. */
  previous?: RunState;
  /** Steps whose state is another than at the version before; at the first, those that are no longer pending. */
  moved?: string[];
  /** Steps that wait for something else than at the version before, be their state another or not; absent: none, or a router of before does not say. */
  awaits?: string[];
}

/** Data of `status.run.*`: a run has entered a state, or waits on for something else. */
export interface RunStatus {
  run: RunSnapshot;
  /** State of the run before this one; absent at its first. */
  previous?: RunState;
  /** True on `succeeded` when the run before of this pipeline failed or was rolled back, or this one itself before it was retried. */
  recovered: boolean;
  /** On `waiting` of a run that waited already: the steps that now wait for something else. */
  awaits?: string[];
}

/** Data of `status.step.*`. */
export interface StepStatus {
  run: RunSnapshot;
  step: string;
}
