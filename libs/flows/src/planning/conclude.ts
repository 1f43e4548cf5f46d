import type { RunState } from '@stellwerk/contracts';
import type { Flow } from '../model.js';
import type { Draft, Plan, RunEventType } from './plan.js';
import type { RunRecord } from './run-record.js';
import { snapshotOf } from './snapshot.js';

const entered = (state: RunState): RunEventType => (state === 'running' ? 'run.started' : `run.${state}`);

const changedSteps = (before: RunRecord | undefined, after: RunRecord, flow: Flow): string[] => {
  if (!before) return [];
  const [old, now] = [snapshotOf(before, flow).steps, snapshotOf(after, flow).steps];
  return now.filter((step, at) => JSON.stringify(step) !== JSON.stringify(old[at])).map((step) => step.name);
};

const visible = (run: RunRecord, flow: Flow): string => JSON.stringify({ ...snapshotOf(run, flow), version: 0 });

/** Counts the version up and announces the run, if anything that others see has changed. */
export const conclude = (before: RunRecord | undefined, draft: Draft): Plan => {
  const { run, flow, effects, refusal } = draft;
  if (refusal && before) return { run: before, effects: [], refusal };
  if (before && visible(before, flow) === visible(run, flow)) return { run, effects };
  run.version += 1;
  const steps = changedSteps(before, run, flow);
  const type = before?.state !== run.state ? entered(run.state) : steps.length > 0 ? 'step.changed' : 'run.changed';
  return { run, effects: [...effects, { kind: 'event', type, ...(steps[0] !== undefined && { step: steps[0] }) }] };
};
