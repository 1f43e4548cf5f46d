import { FINAL_RUN_STATES, type RunState, type RunStatus } from '@stellwerk/contracts';

/** A turn in a run's life that a flow can have told; `missing`: no run began, as parts of a join did not come. */
export type Transition = 'started' | 'succeeded' | 'failed' | 'cancelled' | 'rolled-back' | 'waiting' | 'missing';

/** What is said about it: a success after a failure is `recovered`; `approval`: people are asked; `digest`: several things at once; `running` and `rolling-back` are only shown, where a message is there already. */
export type Word = Transition | 'recovered' | 'approval' | 'digest' | 'running' | 'rolling-back';

const OF_STATE: Readonly<Partial<Record<RunState, Transition>>> = {
  succeeded: 'succeeded', failed: 'failed', cancelled: 'cancelled', 'rolled-back': 'rolled-back', waiting: 'waiting',
};

/** What a message shows that is there already, whatever its channel wants told: "needs approval" must not stay when it was given. */
const SHOWN: Readonly<Partial<Record<RunState, Word>>> = { ...OF_STATE, running: 'running', 'rolling-back': 'rolling-back' };

export const shownWord = (state: RunState): Word | undefined => SHOWN[state];

/**
 * It runs since now, whatever its first steps wait for: it is new, has left the queue, or people made it go on after its end. One that goes on
 * after it waited has not started again. One that is over in the same moment has its end told, and nothing before it.
 */
const hasBegun = ({ run: { state }, previous }: Told): boolean =>
  (state === 'running' || state === 'waiting') && (previous === undefined || previous === 'queued' || FINAL_RUN_STATES.includes(previous));

type Told = Pick<RunStatus, 'run' | 'previous'>;

/** In their order; none: nothing that anyone is told. */
export const transitionsOf = (status: Told): Transition[] => {
  const own = OF_STATE[status.run.state];
  return [...(hasBegun(status) ? ['started' as const] : []), ...(own ? [own] : [])];
};

/** Which time this is in the run's life: a run waits as often as it must; all else happens once for each time that people made it go on. */
export const occurrenceOf = (transition: Transition, run: RunStatus['run']): number =>
  (transition === 'waiting' ? run.version : run.attempt + (run.rollbacks ?? 0));

/** What a channel with this `on` is told; undefined = nothing. One message, though both `succeeded` and `recovered` are wanted. */
export const wordFor = (transition: Transition, recovered: boolean, on: readonly string[]): Word | undefined => {
  if (transition === 'succeeded' && recovered && on.includes('recovered')) return 'recovered';
  return on.includes(transition) ? transition : undefined;
};

/** Nothing but people is awaited; where the run waited already, nothing else is new. */
export const awaitsPeople = ({ run: { steps }, awaits: newly }: Pick<RunStatus, 'run' | 'awaits'>): boolean => {
  const waiting = steps.filter(({ name, state }) => (newly ? newly.includes(name) : state === 'waiting' || state === 'unknown'));
  return waiting.length > 0 && waiting.every(({ awaits }) => awaits?.kind === 'approval');
};
