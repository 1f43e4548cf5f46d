import { FINAL_RUN_STATES, JoinMissing, parseCommandId, PlatformEvent, platformRunKeyOfFact, shortType, TriggerResult, type CloudEvent, type RunSnapshot } from '@stellwerk/contracts';
import { validated, type TraceHeaders } from '@stellwerk/service-kit';
import { ReceivedApprovalChanged } from './approval-changed.message.js';
import { ReceivedRunChanged } from './run-changed.message.js';
import { pipelineRunState } from './status-messages.js';
import { approvalEntry, joinEntry, kindOf, otherEntry, platformEntry, runEntry, triggerEntry, type TimelineEntry } from './timeline.js';
import type { RunChange } from './transitions.js';

/** Where a platform's run stands, or which of our runs it belongs to. */
export interface PlatformRunSighting {
  key: string;
  connection: string;
  repository: string;
  pipeline?: string;
  external_id: string;
  attempt: number;
  url?: string;
  state: string;
  /** -1: only says whose it is. */
  rank: number;
  branch: string;
  sha: string;
  run: string;
  step: string;
  started_at?: string;
  finished_at?: string;
  changed_at: string;
}

export interface ToldHealth {
  connection: string;
  health: unknown;
  changed_at: string;
}

/** What one event means here: its place in the timeline, and what else it changes. */
export interface Recording {
  event: CloudEvent;
  /** Short type. */
  type: string;
  trace: TraceHeaders;
  /** Its place in EVENTS. */
  sequence: number;
  entry: TimelineEntry;
  change?: RunChange;
  platformRun?: PlatformRunSighting;
  /** A fact about a platform's run; told when it is new. */
  news?: CloudEvent<PlatformEvent>;
  health?: ToldHealth;
  /** An approval that was asked for, voted on or decided; told once. */
  approval?: CloudEvent<ReceivedApprovalChanged>;
  /** A join that started no run, as parts of it are missing. */
  missing?: CloudEvent<JoinMissing>;
}

type Meaning = Omit<Recording, 'event' | 'type' | 'trace' | 'sequence'>;

/** Throws PermanentError for data that is not what its type says. */
export const readRecording = (event: CloudEvent, { trace, sequence }: Pick<Recording, 'trace' | 'sequence'>): Recording => {
  const type = shortType(event.type);
  return { event, type, trace, sequence, ...meaningOf(type, event) };
};

const meaningOf = (type: string, event: CloudEvent): Meaning => {
  switch (kindOf(type)) {
    case 'platform': return platformMeaning(type, { ...event, data: validated(PlatformEvent, event.data) });
    case 'trigger': return triggerMeaning(type, { ...event, data: validated(TriggerResult, event.data) });
    case 'run': return runMeaning(type, { ...event, data: validated(ReceivedRunChanged, event.data) });
    case 'approval': return approvalMeaning(type, { ...event, data: validated(ReceivedApprovalChanged, event.data) });
    case 'health': return healthMeaning(type, event);
    case 'join': return joinMeaning(type, { ...event, data: validated(JoinMissing, event.data) });
    default: return { entry: otherEntry(type, event) };
  }
};

const platformMeaning = (type: string, event: CloudEvent<PlatformEvent>): Meaning => {
  const entry = platformEntry(type, event);
  return type.startsWith('pipelinerun.') ? { entry, platformRun: seen(type, event), news: event } : { entry };
};

const RANK = { queued: 0, started: 1 } as const;

const seen = (type: string, { data, fact }: CloudEvent<PlatformEvent>): PlatformRunSighting | undefined => {
  if (!data.run) return undefined;
  const command = data.correlation === undefined ? undefined : parseCommandId(data.correlation);
  const state = pipelineRunState(type, data);
  return {
    key: platformRunKeyOfFact(fact), connection: data.connection, repository: data.repository ?? '', pipeline: data.pipeline, external_id: data.run.id,
    attempt: data.run.attempt, url: data.run.url, state, rank: RANK[state as keyof typeof RANK] ?? 2, branch: data.branch ?? '', sha: data.sha ?? '',
    run: command?.run ?? '', step: command?.step ?? '', started_at: data.startedAt, finished_at: data.finishedAt, changed_at: data.occurredAt,
  };
};

const triggerMeaning = (type: string, event: CloudEvent<TriggerResult>): Meaning => ({ entry: triggerEntry(type, event), platformRun: claimed(event.data) });

/** A connector says which of our runs this platform run belongs to. */
const claimed = (data: TriggerResult): PlatformRunSighting | undefined => {
  if (!data.platformRunKey || !data.platformRun) return undefined;
  return {
    key: data.platformRunKey, connection: data.connection, repository: data.repository ?? '', pipeline: data.pipeline, external_id: data.platformRun.id,
    attempt: data.platformRun.attempt, url: data.platformRun.url, state: 'triggered', rank: -1, branch: '', sha: '',
    run: data.run, step: data.step, changed_at: data.occurredAt,
  };
};

const runMeaning = (type: string, event: CloudEvent<ReceivedRunChanged>): Meaning => {
  const { run, previous, moved, awaits } = event.data;
  const change: RunChange = { run: withEnd(run, event.time), type, previous, moved, awaits };
  return { entry: runEntry(type, event), change };
};

const approvalMeaning = (type: string, event: CloudEvent<ReceivedApprovalChanged>): Meaning => ({ entry: approvalEntry(type, event), approval: event });

/** The end of a run that did not say when: the time of the event that told it. */
const withEnd = (run: RunSnapshot, time: string): RunSnapshot =>
  FINAL_RUN_STATES.includes(run.state) && run.finishedAt === undefined ? { ...run, finishedAt: time } : run;

const joinMeaning = (type: string, event: CloudEvent<JoinMissing>): Meaning => ({ entry: joinEntry(type, event), missing: event });

const healthMeaning = (type: string, event: CloudEvent): Meaning => {
  const entry = otherEntry(type, event);
  return entry.connection ? { entry, health: { connection: entry.connection, health: event.data, changed_at: event.time } } : { entry };
};
