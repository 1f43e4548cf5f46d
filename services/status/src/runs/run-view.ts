import type { Attempt, RunSnapshot, StepSnapshot } from '@stellwerk/contracts';
import type { AttemptView, RunView, StepView } from './run.response.js';

const attemptView = (attempt: Attempt): AttemptView => ({
  number: attempt.number,
  state: attempt.state,
  outcome: attempt.outcome ?? null,
  reason: attempt.reason ?? null,
  connection: attempt.connection,
  run: attempt.run ? { id: attempt.run.id, url: attempt.run.url ?? null } : null,
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
  attempts: (step.attempts ?? []).map(attemptView),
  rollback: step.rollback
    ? { state: step.rollback.state, reason: step.rollback.reason ?? null, attempts: step.rollback.attempts.map(attemptView) }
    : null,
  startedAt: step.startedAt ?? null,
  finishedAt: step.finishedAt ?? null,
});

/** A run as the API shows it: what is not known is null, so that every field is always there. */
export const runView = (run: RunSnapshot): RunView => ({
  id: run.id,
  flow: run.flow,
  revision: run.revision,
  state: run.state,
  reason: run.reason ?? null,
  event: {
    id: run.event.id, type: run.event.type, connection: run.event.connection || null, repository: run.event.repository ?? null,
    branch: run.event.branch ?? null, sha: run.event.sha ?? null, url: run.event.url ?? null, tag: run.event.tag ?? null,
    title: run.event.title ?? null, actor: run.event.actor ?? null,
  },
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
