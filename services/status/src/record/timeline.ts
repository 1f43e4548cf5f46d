import {
  APPROVAL_EVENT_TYPES, OWN_TRIGGER_TYPES, PLATFORM_EVENT_TYPES, parseCommandId, platformRunKeyOfFact, TRIGGER_EVENT_TYPES,
  type CloudEvent, type JoinMissing, type PlatformEvent, type TriggerResult,
} from '@stellwerk/contracts';
import type { ReceivedApprovalChanged } from './approval-changed.message.js';
import type { ReceivedRunChanged } from './run-changed.message.js';

/** One row of the timeline; texts that are not known are ''. */
export interface TimelineEntry {
  id: string;
  type: string;
  source: string;
  subject: string;
  fact: string;
  connection: string;
  repository: string;
  branch: string;
  sha: string;
  /** Our run that it belongs to. */
  run: string;
  /** Key of the platform's run that it belongs to. */
  platformRun: string;
  /** True when a hook told it. */
  hook: boolean;
  occurredAt: string;
  data: unknown;
}

export type EventKind = 'platform' | 'trigger' | 'run' | 'approval' | 'join' | 'health' | 'other';

const OWN_TRIGGERS: ReadonlySet<string> = new Set(OWN_TRIGGER_TYPES);
const PLATFORM: ReadonlySet<string> = new Set(PLATFORM_EVENT_TYPES);
const TRIGGER: ReadonlySet<string> = new Set(TRIGGER_EVENT_TYPES);
const APPROVAL: ReadonlySet<string> = new Set(APPROVAL_EVENT_TYPES);

/** What an event of this short type carries. */
export const kindOf = (type: string): EventKind => {
  if (PLATFORM.has(type)) return 'platform';
  if (TRIGGER.has(type)) return 'trigger';
  if (type === 'step.changed' || (type.startsWith('run.') && !OWN_TRIGGERS.has(type))) return 'run';
  if (APPROVAL.has(type)) return 'approval';
  if (type === 'join.missing') return 'join';
  return type === 'connection.health' ? 'health' : 'other';
};

const base = (type: string, event: CloudEvent): TimelineEntry => ({
  id: event.id, type, source: event.source, subject: event.subject, fact: event.fact, connection: '', repository: '', branch: '', sha: '',
  run: '', platformRun: '', hook: false, occurredAt: event.time, data: event.data,
});

export const platformEntry = (type: string, event: CloudEvent<PlatformEvent>): TimelineEntry => {
  const { connection, repository = '', branch = '', sha = '', correlation, hook, occurredAt } = event.data;
  const command = correlation === undefined ? undefined : parseCommandId(correlation);
  return {
    ...base(type, event), connection, repository, branch, sha, occurredAt, run: command?.run ?? '', hook: hook !== undefined,
    platformRun: type.startsWith('pipelinerun.') ? platformRunKeyOfFact(event.fact) : '',
  };
};

export const triggerEntry = (type: string, event: CloudEvent<TriggerResult>): TimelineEntry => {
  const { connection, repository = '', run, platformRunKey = '', occurredAt } = event.data;
  return { ...base(type, event), connection, repository, run, platformRun: platformRunKey, occurredAt };
};

/** The run's snapshot has its own table: the timeline keeps only what changed. */
export const runEntry = (type: string, event: CloudEvent<ReceivedRunChanged>): TimelineEntry => {
  const { run, step } = event.data;
  const { connection, repository = '', branch = '', sha = '' } = run.event;
  const data = { flow: run.flow, state: run.state, reason: run.reason, version: run.version, attempt: run.attempt, step: step && stepOf(event.data, step) };
  return { ...base(type, event), connection, repository, branch, sha, run: run.id, data };
};

/** With the approval as it was then; the run has its own row. */
export const approvalEntry = (type: string, event: CloudEvent<ReceivedApprovalChanged>): TimelineEntry => {
  const { approval, run } = event.data;
  const { connection, repository = '', branch = '', sha = '' } = run.event;
  return { ...base(type, event), connection, repository, branch, sha, run: approval.run, data: approval };
};

const stepOf = ({ run }: ReceivedRunChanged, name: string): unknown => {
  const step = run.steps.find((candidate) => candidate.name === name);
  return { name, state: step?.state, outcome: step?.outcome, reason: step?.reason };
};

/** A join that started no run: where its last event came from. */
export const joinEntry = (type: string, event: CloudEvent<JoinMissing>): TimelineEntry => {
  const { connection = '', repository = '', branch = '', sha = '' } = event.data;
  return { ...base(type, event), connection, repository, branch, sha };
};

export const otherEntry = (type: string, event: CloudEvent): TimelineEntry => {
  const { connection, run } = (event.data ?? {}) as { connection?: unknown; run?: unknown };
  return { ...base(type, event), connection: typeof connection === 'string' ? connection : '', run: typeof run === 'string' ? run : '' };
};
