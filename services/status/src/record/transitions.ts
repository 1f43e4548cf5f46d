import type { RunSnapshot, RunState, StepSnapshot } from '@stellwerk/contracts';

/** The state that a `run.*` event says was entered; `run.changed` and `step.changed` say none. */
const ENTERS: Readonly<Record<string, RunState>> = {
  'run.queued': 'queued',
  'run.started': 'running',
  'run.waiting': 'waiting',
  'run.rolling-back': 'rolling-back',
  'run.rolled-back': 'rolled-back',
  'run.succeeded': 'succeeded',
  'run.failed': 'failed',
  'run.cancelled': 'cancelled',
};

/**
 * Whether `next` enters its state, seen from the last version known. Versions may be missing in between: a run that went
 * from waiting to running and back to waiting has the same state before and after, and only the event says that it entered it again.
 */
export const entersState = (previous: RunSnapshot | undefined, next: RunSnapshot, type: string): boolean => {
  if (previous?.state !== next.state) return true;
  return ENTERS[type] === next.state && next.version > previous.version + 1;
};

/** Steps whose state is another than at the last version known; a new step that is still pending is no news. */
export const movedSteps = (previous: RunSnapshot | undefined, next: RunSnapshot): StepSnapshot[] => {
  const before = new Map(previous?.steps.map((step) => [step.name, step.state]));
  return next.steps.filter((step) => step.state !== (before.get(step.name) ?? 'pending'));
};
