import type { Awaited } from '@stellwerk/contracts';
import { moveWork } from '../moves.js';
import type { Draft } from '../plan.js';
import type { StepRecord } from '../run-record.js';

const gateKey = (step: StepRecord): string => `${step.name}:gate`;

/** Lets the clock of a step's gate strike then; one that it had is set anew. */
export const setGateClock = (draft: Draft, step: StepRecord, due: Date): void => {
  draft.effects.push({ kind: 'set-timer', key: gateKey(step), due, timer: { kind: 'gate', step: step.name, gate: step.run.gate!.number } });
};

/** From now on the step waits, for what `reason` says; `until`: when its clock strikes. Gives the number of the gate, which counts from 1. */
export const openGate = (draft: Draft, step: StepRecord, kind: Awaited['kind'], reason: string, until?: Date): number => {
  step.gates = (step.gates ?? 0) + 1;
  moveWork(step.run, 'run', 'waiting');
  step.run.reason = reason;
  step.run.gate = { kind, number: step.gates, ...(until && { until: until.toISOString() }) };
  if (until) setGateClock(draft, step, until);
  return step.gates;
};

/** The step waits no more. Its state is for the caller to set. */
export const closeGate = (draft: Draft, step: StepRecord): void => {
  if (step.run.gate?.until !== undefined) draft.effects.push({ kind: 'clear-timer', key: gateKey(step) });
  delete step.run.gate;
  delete step.run.reason;
};
