import { commandId } from '@stellwerk/contracts';
import { render } from '../expressions/render.js';
import { matchesGlobs } from '../matching/globs.js';
import { giveUp, sendCommand, specOf } from './activity.js';
import type { AttemptRecord } from './attempt-record.js';
import { endActivity, endAttempt, isNotUndone } from './end-work.js';
import { stepOf } from './graph.js';
import { moveAttempt, moveWork } from './moves.js';
import type { Draft } from './plan.js';
import type { Activity, StepRecord, Work } from './run-record.js';
import { lastGoodFor, stepScope } from './scope.js';
import { hasSlot } from './step-slot.js';

export const newActivity = (): Activity => ({ state: 'pending', attempts: [], sent: 0 });

/** Why the environment does not take this run; rollbacks are not asked. */
export const refusedByEnvironment = ({ run, flow, facts }: Draft, name: string, work: Work): string | undefined => {
  const { environment } = stepOf(flow, name);
  const branches = environment === undefined ? undefined : facts.environments[environment]?.branches;
  if (work === 'rollback' || !branches) return undefined;
  const { branch } = run.event;
  if (branch !== undefined && matchesGlobs(branch, branches)) return undefined;
  return `environment ${environment} takes only ${branches.join(', ')}; this is ${branch === undefined ? 'no branch' : `branch ${branch}`}`;
};

const NOTHING_GOOD = 'nothing to return to: no good deployment of another run is known';

const explain = (draft: Draft, name: string, work: Work, error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  const needsLastGood = work === 'rollback' && JSON.stringify(specOf(draft, name, work).with).includes('lastGood');
  const { environment } = stepOf(draft.flow, name);
  return needsLastGood && (environment === undefined || !lastGoodFor(draft, environment)) ? NOTHING_GOOD : message;
};

type Rendered = { with: Record<string, unknown> } | { problem: string };

/** What the command would be sent with, or why there can be none. */
export const renderWith = (draft: Draft, name: string, work: Work): Rendered => {
  try {
    return { with: render(specOf(draft, name, work).with, stepScope(draft, name, work), 'with') as Record<string, unknown> };
  } catch (error) {
    return { problem: explain(draft, name, work, error) };
  }
};

/** Starts the next attempt of a step's work, lets it wait for its environment, or ends it when it cannot even be asked for. */
export const startAttempt = (draft: Draft, step: StepRecord, work: Work): void => {
  const refusal = refusedByEnvironment(draft, step.name, work);
  if (refusal !== undefined) return endActivity(draft, step, work, { outcome: 'error', reason: refusal });
  if (!hasSlot(draft, step, work)) return;
  const rendered = renderWith(draft, step.name, work);
  if ('problem' in rendered) return endActivity(draft, step, work, { outcome: 'error', reason: rendered.problem });
  const activity = step[work]!;
  activity.attempts.push(newAttempt(draft, step, work));
  if (work === 'run') step.startedAt ??= draft.facts.now.toISOString();
  command(draft, step, work, rendered.with);
};

const newAttempt = (draft: Draft, step: StepRecord, work: Work): AttemptRecord => ({
  number: step[work]!.attempts.length + 1,
  state: 'triggering',
  command: '',
  commands: [],
  connection: specOf(draft, step.name, work).uses.connection,
  startedAt: draft.facts.now.toISOString(),
  triggered: false,
  rank: -1,
});

/** Sends the attempt of an UNKNOWN once more: a person said that it never ran. */
export const repeatAttempt = (draft: Draft, step: StepRecord, work: Work): void => {
  const rendered = renderWith(draft, step.name, work);
  const activity = step[work]!;
  const attempt = activity.attempts.at(-1)!;
  if ('problem' in rendered) {
    giveUp(draft, attempt);
    return endAttempt(draft, { step, work, activity, attempt }, { outcome: 'error', reason: rendered.problem, mayRetry: false });
  }
  for (const one of ['reason', 'follows', 'named', 'run', 'key', 'platformAttempt', 'platformTime', 'outputs', 'aside'] as const) delete attempt[one];
  attempt.rank = -1;
  attempt.triggered = false;
  attempt.disowned = attempt.commands.length;
  isNotUndone(activity);
  command(draft, step, work, rendered.with);
};

const command = (draft: Draft, step: StepRecord, work: Work, values: Record<string, unknown>): void => {
  const { uses, await: awaited, awaitPipeline } = specOf(draft, step.name, work);
  nextCommand(draft, step, work, { action: uses.action, with: values, await: awaited, ...(awaitPipeline !== undefined && { awaitPipeline }) });
};

/** Sends a command for the current attempt; from now on only its answer counts. */
export const nextCommand = (draft: Draft, step: StepRecord, work: Work, parts: { action: string; with: Record<string, unknown>; await: boolean; awaitPipeline?: string }): void => {
  const activity = step[work]!;
  const attempt = activity.attempts.at(-1)!;
  activity.sent += 1;
  moveWork(activity, work, 'triggering');
  delete activity.reason;
  if (attempt.state === 'unknown') giveUp(draft, attempt);
  moveAttempt(attempt, 'triggering');
  attempt.command = commandId(draft.run.id, step.name, work, activity.sent);
  attempt.commands.push(attempt.command);
  sendCommand(draft, work, activity.sent, { step: step.name, connection: attempt.connection, ...parts });
};
