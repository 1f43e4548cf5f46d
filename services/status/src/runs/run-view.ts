import type { Attempt, RunCause, RunSnapshot, StepSnapshot } from '@stellwerk/contracts';
import { approvalView } from '../approvals/approval-view.js';
import type { AttemptView, RunEventView, RunView, StepView } from './run.response.js';

const attemptView = (attempt: Attempt): AttemptView => ({
  number: attempt.number,
  state: attempt.state,
  outcome: attempt.outcome ?? null,
  reason: attempt.reason ?? null,
  connection: attempt.connection,
  run: attempt.run ? { id: attempt.run.id, url: attempt.run.url ?? null } : null,
  outputs: attempt.outputs ?? null,
  startedAt: attempt.startedAt ?? null,
  finishedAt: attempt.finishedAt ?? null,
});

const stepView = (step: StepSnapshot): StepView => ({
  name: step.name,
  state: step.state,
  outcome: step.outcome ?? null,
  reason: step.reason ?? null,
  uses: step.uses ?? null,
  needs: step.needs ?? [],
  environment: step.environment ?? null,
  awaits: step.awaits ? { kind: step.awaits.kind, until: step.awaits.until ?? null } : null,
  approval: step.approval ? approvalView(step.approval) : null,
  attempts: (step.attempts ?? []).map(attemptView),
  rollback: step.rollback
    ? { state: step.rollback.state, reason: step.rollback.reason ?? null, attempts: step.rollback.attempts.map(attemptView) }
    : null,
  startedAt: step.startedAt ?? null,
  finishedAt: step.finishedAt ?? null,
});

export const eventView = (event: RunCause): RunEventView => ({
  id: event.id, type: event.type, connection: event.connection || null, repository: event.repository ?? null, branch: event.branch ?? null, sha: event.sha ?? null,
  url: event.url ?? null, tag: event.tag ?? null, title: event.title ?? null, actor: event.actor ?? null,
});

/** A run as the API shows it: what is not known is null, so that every field is always there. */
export const runView = (run: RunSnapshot): RunView => ({
  id: run.id,
  flow: run.flow,
  revision: run.revision,
  state: run.state,
  reason: run.reason ?? null,
  event: eventView(run.event),
  events: run.events ?? null,
  steps: run.steps.map(stepView),
  inputs: run.inputs ?? null,
  attempt: run.attempt,
  version: run.version,
  createdAt: run.createdAt,
  startedAt: run.startedAt ?? null,
  finishedAt: run.finishedAt ?? null,
  trace: run.trace ?? null,
});
