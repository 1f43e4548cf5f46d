import { endActivity } from '../end-work.js';
import { stepOf } from '../graph.js';
import type { Draft, Timer } from '../plan.js';
import type { StepRecord } from '../run-record.js';
import { refusedByEnvironment } from '../start-work.js';
import { askForApproval, decide } from './approval.js';
import { enterEnvironment } from './environment.js';
import { closeGate } from './gate.js';
import { beginWait, lateReason, pass } from './waits.js';

/** It is the step's turn: it asks, waits, or starts as soon as its environment lets it. */
export const beginStep = (draft: Draft, step: StepRecord): void => {
  const { approve, wait } = stepOf(draft.flow, step.name);
  if (approve) {
    step.startedAt ??= draft.facts.now.toISOString();
    return askForApproval(draft, step, approve);
  }
  if (wait) return beginWait(draft, step, wait);
  const refusal = refusedByEnvironment(draft, step.name, 'run');
  if (refusal === undefined) enterEnvironment(draft, step);
  else endActivity(draft, step, 'run', { outcome: 'error', reason: refusal });
};

/** The clock of a gate strikes; one of a gate before it does nothing. */
export const applyGateTimer = (draft: Draft, timer: Extract<Timer, { kind: 'gate' }>): void => {
  const step = draft.run.steps.find(({ name }) => name === timer.step);
  if (!step || step.run.gate?.number !== timer.gate) return;
  const { kind } = step.run.gate;
  if (kind === 'time') return pass(draft, step);
  if (kind === 'freeze') return enterEnvironment(draft, step);
  const reason = lateReason(draft, step);
  leaveGate(draft, step, 'expired', reason);
  endActivity(draft, step, 'run', { outcome: 'timeout', reason });
};

/** The step stops waiting without having got what it waited for. */
export const leaveGate = (draft: Draft, step: StepRecord, state: 'expired' | 'cancelled', reason: string): void => {
  if (step.run.gate?.kind === 'approval') decide(draft, step, state, { reason });
  else closeGate(draft, step);
};
