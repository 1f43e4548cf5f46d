import { commandId, type Command, type Purpose } from '@stellwerk/contracts';
import type { Retry, Rollback, Step, Uses } from '../model.js';
import type { AttemptRecord } from './attempt-record.js';
import { stepOf } from './graph.js';
import { moveAttempt, moveWork } from './moves.js';
import type { Draft } from './plan.js';
import type { Activity, StepRecord, Work } from './run-record.js';

/** One attempt with everything around it. */
export interface AttemptRef {
  step: StepRecord;
  work: Work;
  activity: Activity;
  attempt: AttemptRecord;
}

/** All attempts of a run, of both kinds of work. */
export const attemptsOf = (draft: Draft): AttemptRef[] =>
  draft.run.steps.flatMap((step) => (['run', 'rollback'] as const).flatMap((work) => {
    const activity = step[work] ?? (work === 'rollback' ? step.rolledBack : undefined);
    return activity?.attempts.map((attempt) => ({ step, work, activity, attempt })) ?? [];
  }));

/** Whether that command is one that the attempt stands for. */
export const owns = ({ commands, disowned = 0 }: AttemptRecord, command: string): boolean => commands.includes(command, disowned);

/** Tries since the work was last ordered to be done anew; the last one is the current one. */
export const currentAttempts = ({ attempts, before = 0 }: Activity): AttemptRecord[] => attempts.slice(before);

/** Work that is to be done anew: its tries and its numbers go on. */
export const anew = ({ state, attempts, sent, undone }: Activity, work: Work): Activity => {
  const next: Activity = { state, attempts, sent, ...(attempts.length > 0 && { before: attempts.length }), ...(undone !== undefined && { undone }) };
  moveWork(next, work, 'pending');
  return next;
};

/** What one kind of a step's work uses. */
export const specOf = (draft: Draft, name: string, work: Work): { uses: Uses; with: Record<string, unknown>; timeoutMs: number; retry: Retry; await: boolean; awaitPipeline?: string } => {
  const step = stepOf(draft.flow, name);
  const spec = work === 'run' ? step : step.rollback && asItsStep(step.rollback, step);
  if (!spec?.uses) throw new Error(`step ${name} of flow ${draft.flow.name} has no ${work === 'run' ? 'uses' : 'rollback'}`);
  return { uses: spec.uses, with: spec.with, timeoutMs: spec.timeoutMs, retry: spec.retry, await: spec.await ?? step.await, awaitPipeline: spec.awaitPipeline };
};

/** A rollback that says nothing of its own is awaited as its step is; of a pipeline only where it is sent as its step is. */
const asItsStep = (rollback: Rollback, { uses, awaitPipeline }: Step): Rollback =>
  (rollback.await === undefined && uses?.connection === rollback.uses.connection && uses.action === rollback.uses.action ? { ...rollback, ...(awaitPipeline !== undefined && { awaitPipeline }) } : rollback);

/** Name of an attempt's clock within its run. */
export const timerKey = (ref: AttemptRef, kind: 'timeout' | 'retry'): string => `${ref.step.name}:${ref.work}:${ref.attempt.number}:${kind}`;

type CommandParts = Pick<Command, 'step' | 'connection' | 'action' | 'with' | 'await'> & Partial<Pick<Command, 'awaitPipeline' | 'cancels' | 'platformRun'>>;

/** Adds a command to what is to be done; gives its id. */
export const sendCommand = (draft: Draft, purpose: Purpose, n: number, parts: CommandParts): string => {
  const id = commandId(draft.run.id, parts.step, purpose, n);
  const platform = draft.run.connections[parts.connection];
  if (!platform) throw new Error(`connection ${parts.connection} is not known to run ${draft.run.id}`);
  draft.effects.push({ kind: 'command', id, command: { run: draft.run.id, flow: draft.run.flow, purpose, n, platform, ...parts } });
  return id;
};

/** Counts the time of an attempt from now on, once. */
export const startClock = (draft: Draft, ref: AttemptRef): void => {
  const due = new Date(draft.facts.now.getTime() + specOf(draft, ref.step.name, ref.work).timeoutMs);
  const timer = { kind: 'attempt-timeout', step: ref.step.name, work: ref.work, attempt: ref.attempt.number } as const;
  draft.effects.push({ kind: 'set-timer', key: timerKey(ref, 'timeout'), due, timer });
};

/** The platform has it: the attempt runs, and its time counts. */
export const markRunning = (draft: Draft, ref: AttemptRef): void => {
  ref.attempt.triggered = true;
  if (ref.attempt.state === 'running') return;
  moveAttempt(ref.attempt, 'running');
  moveWork(ref.activity, ref.work, 'running');
  delete ref.attempt.reason;
  delete ref.activity.reason;
  startClock(draft, ref);
};

/** Nobody knows whether the platform has it. */
export const markUnknown = (ref: AttemptRef, reason: string | undefined): void => {
  moveAttempt(ref.attempt, 'unknown');
  moveWork(ref.activity, ref.work, 'unknown');
  ref.attempt.triggered = true;
  ref.attempt.reason = ref.activity.reason = reason ?? 'the platform did not say whether it took the command';
};

/** An UNKNOWN of which nobody waits any more for how it ended. */
export const giveUp = (draft: Draft, attempt: AttemptRecord): void => {
  draft.effects.push({ kind: 'give-up', command: attempt.command });
};
