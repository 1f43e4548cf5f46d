import type { Approval, ApprovalEventType, ApprovalVote, Command, Decision, Outcome, Outputs, Platform, RunState, TriggerResult } from '@stellwerk/contracts';
import type { AwaitedEvent } from '../matching/awaited.js';
import type { Environment, EventContext, Flow } from '../model.js';
import type { FactsRead } from './history/note-reads.js';
import type { LastGood, RunRecord, Work } from './run-record.js';
import type { SlotAnswers, SlotAsk, SlotHolder } from './slots.js';

/** What a clock of a run is for. */
export type Timer =
  | { kind: 'flow-timeout' }
  | { kind: 'attempt-timeout'; step: string; work: Work; attempt: number }
  | { kind: 'retry'; step: string; work: Work; attempt: number }
  | { kind: 'gate'; step: string; gate: number };

/** The newest a platform told about one of its runs. */
export interface PlatformRunState {
  /** `platformRunKey` of it. */
  key: string;
  predicate: 'queued' | 'started' | 'finished';
  /** The platform's attempt number. */
  attempt: number;
  outcome?: Outcome;
  /** Platform's time, RFC 3339. */
  at: string;
  /** When the run's own jobs were over, where that is known. */
  jobsFinishedAt?: string;
  run?: { id: string; url?: string };
  /** What its end gives to later steps, or why that was left out. */
  outputs?: Outputs;
  outputsLeftOut?: string;
  /** Our command, when the platform echoed it. */
  correlation?: string;
}

export type TriggerAnswer = Pick<TriggerResult, 'command' | 'platformRun' | 'platformRunKey' | 'followed' | 'outputs' | 'rejection' | 'reason'>;

/** What can happen to a run. */
export type PlanInput =
  | { kind: 'accepted' | 'rejected' | 'unknown'; result: TriggerAnswer }
  /** It is not settled yet, and its connector says why. */
  | { kind: 'delayed'; result: TriggerAnswer }
  | { kind: 'platform-run'; state: PlatformRunState }
  | { kind: 'timer'; timer: Timer }
  | { kind: 'cancel'; by: string }
  | { kind: 'resolve'; step: string; ran: boolean; platformRun?: string; by: string }
  | { kind: 'resend'; command: string }
  | { kind: 'note'; text: string }
  | { kind: 'vote'; approval: string; decision: Decision; comment?: string; by: string; teams: string[]; anyone?: boolean; from?: string }
  | { kind: 'event'; event: EventContext }
  /** A place it waits for is its own; without `step` that of the run. */
  | { kind: 'slot'; step?: string }
  /** Others are in the slot that it waits for. */
  | { kind: 'slot-holders'; step?: string; holders: readonly SlotHolder[] }
  /** A newer run of its group takes its place. */
  | { kind: 'make-room'; newer: string }
  /** It waits in a line in which it is not to wait. */
  | { kind: 'drop'; holders: readonly SlotHolder[] }
  | { kind: 'retry'; by: string }
  | { kind: 'rollback'; by: string };

/** What an environment has seen, of other runs only. */
export interface EnvironmentHistory {
  lastGood?: LastGood;
  latest?: { run: string; at: string };
}

/** Rules of an environment, as they are now. */
export type EnvironmentRules = Pick<Environment, 'branches' | 'approve' | 'freeze' | 'concurrency'>;

/** What planning has to know of the world; read right before, in the same transaction. */
export interface PlanFacts {
  now: Date;
  /** 0 ≤ x < 1, for the jitter of retries. */
  random: () => number;
  /** Page of this run for people. */
  runUrl: string;
  environments: Readonly<Record<string, EnvironmentRules>>;
  ledger: Readonly<Record<string, EnvironmentHistory>>;
  /** What was said to those who ask for places in slots; whom nothing was said waits. Absent: nobody else is there, all are given. */
  slots?: SlotAnswers;
}

/** What is to be done, in this order, in the same transaction as the run is stored. */
export type Effect =
  | { kind: 'command'; id: string; command: Command }
  /** Nobody will settle this UNKNOWN any more. */
  | { kind: 'give-up'; command: string }
  | { kind: 'set-timer'; key: string; due: Date; timer: Timer }
  | { kind: 'clear-timer'; key: string }
  | { kind: 'ledger-enter'; environment: string; step: string }
  | { kind: 'ledger-good' }
  | { kind: 'ledger-revert'; step: string }
  /** `previous`, `moved`: what it was before, and which steps have another state now; `awaits`: which wait for something else. */
  | { kind: 'event'; type: RunEventType; step?: string; previous?: RunState; moved: string[]; awaits?: string[] }
  /** Of `vote` the address is kept only where votes are. */
  | { kind: 'approval'; type: ApprovalEventType; approval: Approval; vote?: ApprovalVote & { from?: string } }
  | { kind: 'listen'; awaited: AwaitedEvent[] }
  | { kind: 'stop-listening' }
  /** It stands in the line of a slot; it has a place there; it has none any more (without `step`: the run itself). */
  | { kind: 'wait-slot' | 'take-slot'; ask: SlotAsk }
  | { kind: 'free-slot'; step?: string }
  /** What the run deployed is not called good any more. */
  | { kind: 'ledger-doubt' };

export type RunEventType = 'step.changed' | 'run.changed' | 'run.started' | `run.${Exclude<RunState, 'running'>}`;

/** Why an order cannot be carried out now, in words for a person. */
export interface Refusal {
  /** HTTP status that fits; 409 unless it says otherwise. */
  status?: 403 | 404 | 409;
  detail: string;
}

export interface Plan {
  run: RunRecord;
  effects: Effect[];
  /** What it was made by, besides the run and the news. */
  read: FactsRead;
  refusal?: Refusal;
}

/** A run while it is being planned: a copy that functions of this folder change in place. */
export interface Draft {
  run: RunRecord;
  readonly flow: Flow;
  readonly facts: PlanFacts;
  readonly effects: Effect[];
  refusal?: Refusal;
  /** It had ended, and a person's order made it go on. */
  revived?: boolean;
}

export interface ReportTarget {
  connection: string;
  platform: Platform;
}
