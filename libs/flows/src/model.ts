import type { ActionSchema, Outcome, Platform, PlatformEvent } from '@stellwerk/contracts';
import type { Channel } from './channel.js';
import type { Connection } from './connection.js';
import type { ApprovalRule, Freeze, Wait } from './gates.js';
import type { Trigger } from './trigger.js';

export type { Connection, SecretRef } from './connection.js';
export type { ApprovalRule, EventWait, Freeze, Wait } from './gates.js';
export * from './channel.js';
export * from './trigger.js';

/** `attempts` includes the first: 1 = no retry. */
export interface Retry {
  attempts: number;
  on: Outcome[];
  backoffMs: number;
  factor: number;
  maxMs: number;
}

export interface Uses { connection: string; action: string }

export interface Rollback {
  uses: Uses;
  with: Record<string, unknown>;
  timeoutMs: number;
  retry: Retry;
  /** Whether the end of its own run is waited for. Absent: as for its step, where both use the same also for the run of the same pipeline. */
  await?: boolean;
  awaitPipeline?: string;
}

/** Exactly one of `uses`, `approve` and `wait`. */
export interface Step {
  name: string;
  needs: string[];
  if?: string;
  /** Absent: the step waits, for people (`approve`) or for time or an event (`wait`), and starts nothing. */
  uses?: Uses;
  approve?: ApprovalRule;
  wait?: Wait;
  with: Record<string, unknown>;
  await: boolean;
  /** The pipeline (name or file) whose run is waited for, where the action does not name it. */
  awaitPipeline?: string;
  environment?: string;
  timeoutMs: number;
  retry: Retry;
  rollback?: Rollback;
}

export const NOTIFY_ON = [
  'started', 'succeeded', 'failed', 'recovered', 'cancelled', 'rolled-back', 'approval', 'waiting', 'missing',
] as const;

export type NotifyOn = (typeof NOTIFY_ON)[number];

export const INPUT_TYPES = ['text', 'number', 'boolean'] as const;

export type InputType = (typeof INPUT_TYPES)[number];

export type InputValue = string | number | boolean;

/** What a person may, or must, say when starting the flow by hand. */
export interface FlowInput {
  type: InputType;
  required: boolean;
  default?: InputValue;
  description?: string;
}

export const ON_FAILURE = ['stop', 'rollback', 'continue'] as const;

export type OnFailure = (typeof ON_FAILURE)[number];

/** How many runs of the flow may go on at once, of those with the same group. */
export interface Concurrency {
  /** A template; runs whose text is the same count together. */
  group: string;
  limit: number;
  whenFull: 'queue' | 'replace-queued' | 'cancel-running' | 'drop';
}

export interface Notify {
  channel: string;
  on: NotifyOn[];
}

/** What shall happen, and when. */
export interface Flow {
  name: string;
  labels: Record<string, string>;
  description?: string;
  /** Hash of the parsed content: comments and layout do not change it. */
  revision: string;
  file: string;
  /** Empty: people start it, nothing else. */
  on: Trigger[];
  /** By name; absent = none. */
  inputs?: Record<string, FlowInput>;
  concurrency?: Concurrency;
  timeoutMs: number;
  env: Record<string, unknown>;
  /** In the order of the file. */
  steps: Step[];
  onFailure: OnFailure;
  /** Connections that get the commit status; undefined = where the event came from, [] = none. */
  report?: string[];
  notify: Notify[];
}

export interface Environment {
  name: string;
  labels: Record<string, string>;
  /** Branches that may deploy here; undefined = any. */
  branches?: string[];
  approve?: ApprovalRule;
  freeze?: Freeze[];
  /** Deployments at once, over all flows; undefined = any number. */
  concurrency?: number;
}

/** All valid resources of one config directory; plain JSON. The records have no prototype: a lookup finds resources only. */
export interface ResourceSet {
  /** Hash of everything in it. */
  revision: string;
  connections: Record<string, Connection>;
  flows: Record<string, Flow>;
  channels: Record<string, Channel>;
  environments: Record<string, Environment>;
}

/** The catalog of a platform's actions; `flows` learns it from its caller. */
export type ActionLookup = (platform: Platform) => readonly ActionSchema[];
/** An event as triggers and expressions see it: a platform's, or one that no connection told: our own (`schedule.fired`), or a person's order (`run.requested`). */
export type EventContext = Omit<PlatformEvent, 'connection' | 'platform'> & Partial<Pick<PlatformEvent, 'connection' | 'platform'>> & {
  id: string;
  /** Short form, e.g. `pipelinerun.finished`. */
  type: string;
  fact: string;
};
