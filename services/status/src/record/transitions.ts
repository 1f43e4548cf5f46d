import type { RunSnapshot, RunState, StepSnapshot } from '@stellwerk/contracts';

/** One version of a run as an event brought it. */
export interface RunChange {
  run: RunSnapshot;
  /** Short type of the event. */
  type: string;
  /** State at the version before, when the event says it. */
  previous?: RunState;
  /** Steps that moved since the version before; undefined = the event does not say. */
  moved?: readonly string[];
  /** Steps that wait for something else than at the version before; undefined = none, or the event does not say. */
  awaits?: readonly string[];
}

/** What there is to tell of one version. */
export interface Transitions {
  /** The run entered its state with this version, or waits on for something else. */
  entered: boolean;
  previous?: RunState;
  /** Names of the steps whose state is another than before. */
  moved: readonly string[];
  /** Names of the steps that wait for something else than before; undefined = none. */
  awaits?: readonly string[];
}

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

/** Told by the event alone, so the same in whatever order and by whichever replica it is recorded. Undefined: the event does not say. */
export const saidTransitions = ({ run, type, previous, moved, awaits }: RunChange): Transitions | undefined => {
  const waitsOn = run.state === 'waiting' && previous === 'waiting' && awaits !== undefined;
  return moved && { entered: ENTERS[type] === run.state || waitsOn, previous, moved, ...(awaits && { awaits }) };
};

/**
 * For an event that does not say what moved: seen from the last version known. Of a version that comes late only its
 * own word is left: which of its steps moved is part of what was told for the later one.
 */
export const comparedTransitions = (known: RunSnapshot | undefined, { run, type }: RunChange): Transitions => {
  if (known && known.version >= run.version) return { entered: known.version > run.version && ENTERS[type] === run.state, moved: [] };
  return { entered: entersState(known, run, type), previous: known?.state, moved: movedSteps(known, run).map(({ name }) => name) };
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
