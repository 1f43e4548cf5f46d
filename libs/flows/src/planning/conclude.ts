import type { RunState } from '@stellwerk/contracts';
import type { Flow } from '../model.js';
import { countEntry } from './history/entries.js';
import type { Draft, Plan, RunEventType } from './plan.js';
import type { RunRecord, StepRecord } from './run-record.js';
import { snapshotOf } from './snapshot.js';
import { releaseSlots } from './step-slot.js';

const entered = (state: RunState): RunEventType => (state === 'running' ? 'run.started' : `run.${state}`);

/** A run as others see it, in texts that can be compared: each step, and all around them but the version. */
const shown = (run: RunRecord, flow: Flow): { steps: string[]; frame: string } => {
  const { steps, ...frame } = snapshotOf(run, flow);
  return { steps: steps.map((step) => JSON.stringify(step)), frame: JSON.stringify({ ...frame, version: 0 }) };
};

/** Steps whose own state is another than before; a new run's steps were pending. */
const movedSteps = (before: RunRecord | undefined, { steps }: RunRecord): string[] =>
  steps.filter(({ run }, at) => run.state !== (before?.steps[at]?.run.state ?? 'pending')).map(({ name }) => name);

/** What the step waits for, so that it can be compared; undefined: for nothing but its turn. Who is before it in a line, or until when, is no other thing. */
const awaitedBy = ({ run: { state, gate, attempts }, slot }: StepRecord): string | undefined => {
  if (state === 'unknown') return state;
  if (state !== 'waiting') return undefined;
  if (gate) return `${gate.kind} ${gate.number}`;
  return slot?.held === false ? 'place' : `retry ${attempts.length}`;
};

/** Steps that wait for something else than before. */
const newlyWaiting = (before: RunRecord | undefined, { steps }: RunRecord): string[] => steps.filter((step, at) => {
  const awaited = awaitedBy(step);
  return awaited !== undefined && awaited !== (before && awaitedBy(before.steps[at]!));
}).map(({ name }) => name);

/** What others see of a run that was other before: whether anything at all, and which steps. */
const changes = (before: RunRecord, after: RunRecord, flow: Flow): { any: boolean; steps: string[] } => {
  const [old, now] = [shown(before, flow), shown(after, flow)];
  const steps = after.steps.filter((_, at) => now.steps[at] !== old.steps[at]).map(({ name }) => name);
  return { any: steps.length > 0 || old.frame !== now.frame, steps };
};

/** Counts the version up and announces the run, if anything that others see has changed. */
export const conclude = (before: RunRecord | undefined, draft: Draft): Omit<Plan, 'read'> => {
  const { run, flow, effects, refusal } = draft;
  if (refusal && before) return { run: before, effects: [], refusal };
  releaseSlots(draft);
  const { any, steps } = before ? changes(before, run, flow) : { any: true, steps: [] };
  if (any || draft.revived) run.version += 1;
  countEntry(before, run);
  if (!any && !draft.revived) return { run, effects };
  // A run that went on and is over at once has ended once more.
  const type = before?.state !== run.state || draft.revived ? entered(run.state) : steps.length > 0 ? 'step.changed' : 'run.changed';
  const awaits = newlyWaiting(before, run);
  return { run, effects: [...effects, {
    kind: 'event', type, ...(steps[0] !== undefined && { step: steps[0] }), ...(before && { previous: before.state }), moved: movedSteps(before, run),
    ...(awaits.length > 0 && { awaits }),
  }] };
};
