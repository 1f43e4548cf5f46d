import type { Approval } from './approvals.client.js';
import type { RunState, StepState } from '../ui/states.js';

/** A run as `GET /api/runs/:id` gives it. */
export interface Run {
  id: string;
  flow: string;
  revision: string;
  state: RunState;
  reason: string | null;
  event: RunEvent;
  /** Of a join: each of its events, by the name of its part. */
  events: Record<string, { id: string; type: string }> | null;
  steps: Step[];
  inputs: Record<string, string | number | boolean> | null;
  attempt: number;
  version: number;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  trace: string | null;
}

export interface RunEvent {
  id: string;
  type: string;
  /** Null for an event of our own, such as schedule.fired, and of a run that a person started. */
  connection: string | null;
  repository: string | null;
  branch: string | null;
  sha: string | null;
  url: string | null;
  tag: string | null;
  title: string | null;
  actor: string | null;
}

export interface Step {
  name: string;
  state: StepState;
  outcome: string | null;
  reason: string | null;
  uses: string | null;
  needs: string[];
  environment: string | null;
  /** Absent: the server is older. */
  awaits?: { kind: string; until: string | null } | null;
  approval?: Approval | null;
  attempts: Attempt[];
  rollback: { state: StepState; reason: string | null; attempts: Attempt[] } | null;
  startedAt: string | null;
  finishedAt: string | null;
}

export interface Attempt {
  number: number;
  state: StepState;
  outcome: string | null;
  reason: string | null;
  connection: string;
  run: { id: string; url: string | null } | null;
  outputs: Record<string, unknown> | null;
  startedAt: string | null;
  finishedAt: string | null;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}
