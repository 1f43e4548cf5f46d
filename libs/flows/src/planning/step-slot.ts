import { stepOf } from './graph.js';
import { isActive, isFinalRun, moveWork } from './moves.js';
import type { Draft } from './plan.js';
import type { StepRecord, Work } from './run-record.js';
import { environmentSlot, shownHolders, type SlotAsk, type SlotHolder } from './slots.js';

const askFor = ({ facts }: Draft, step: string, environment: string): SlotAsk =>
  ({ ...environmentSlot(environment), step, limit: facts.environments[environment]?.concurrency ?? Number.MAX_SAFE_INTEGER, whenFull: 'queue' });

const fullText = (environment: string, holders: readonly SlotHolder[] | undefined): string =>
  holders?.length ? `environment ${environment} is taken: ${shownHolders(holders)} is deploying there` : `others wait before it for environment ${environment}`;

/** Its environment takes only so many, and the step has no place there. */
export const lacksPlace = ({ flow, facts }: Pick<Draft, 'flow' | 'facts'>, { name, slot }: StepRecord): boolean => {
  const { environment } = stepOf(flow, name);
  return environment !== undefined && slot?.held !== true && facts.environments[environment]?.concurrency !== undefined;
};

/**
 * True when the step's work may go on as far as the environment's `concurrency` is concerned: there is none, or the step has its place, over
 * all retries. Else it waits from now on, first come, first served. The last question before an attempt: after branch rules, freezes, approvals.
 */
export const hasSlot = (draft: Draft, step: StepRecord, work: Work): boolean => {
  const { environment } = stepOf(draft.flow, step.name);
  if (environment === undefined || !lacksPlace(draft, step)) return true;
  const answer = draft.facts.slots?.[step.name];
  if (answer?.given ?? draft.facts.slots === undefined) {
    takeStepSlot(draft, step, environment);
    return true;
  }
  if (!step.slot) draft.effects.push({ kind: 'wait-slot', ask: askFor(draft, step.name, environment) });
  step.slot = { environment, held: false };
  moveWork(step[work]!, work, 'waiting');
  step[work]!.reason = fullText(environment, answer?.holders);
  return false;
};

export const takeStepSlot = (draft: Draft, step: StepRecord, environment: string): void => {
  step.slot = { environment, held: true };
  draft.effects.push({ kind: 'take-slot', ask: askFor(draft, step.name, environment) });
};

/** Which work of a step stands in the line before its environment. */
export const waitingWork = ({ slot, run, rollback }: StepRecord): Work | undefined => {
  if (!slot || slot.held) return undefined;
  return rollback?.state === 'waiting' ? 'rollback' : run.state === 'waiting' ? 'run' : undefined;
};

/** Others are in the environment than when the step came. */
export const retellStep = (draft: Draft, name: string, holders: readonly SlotHolder[]): void => {
  const step = draft.run.steps.find((candidate) => candidate.name === name);
  const work = step && waitingWork(step);
  if (step && work) step[work]!.reason = fullText(step.slot!.environment, holders);
};

const occupies = ({ state }: { state: StepRecord['run']['state'] }): boolean => isActive(state) || state === 'waiting' || state === 'unknown';

/** An UNKNOWN may still be deploying: it keeps its place until it is settled, undone or given up. */
const keepsSlot = ({ run, rollback }: StepRecord): boolean => {
  if (!rollback || rollback.state === 'pending') return occupies(run);
  return occupies(rollback) || isActive(run.state);
};

/** The step has its place no more, nor does it stand in line. */
export const giveBack = ({ effects }: Pick<Draft, 'effects'>, step: StepRecord): void => {
  if (!step.slot) return;
  delete step.slot;
  effects.push({ kind: 'free-slot', step: step.name });
};

/** The run has its place in the group no more, nor does it stand in line. */
export const leaveGroup = ({ run, effects }: Pick<Draft, 'run' | 'effects'>): void => {
  if (!run.slot || run.slot.state === 'left') return;
  run.slot = { ...run.slot, state: 'left' };
  effects.push({ kind: 'free-slot' });
};

/** Gives back the places of which nothing is left to be done. */
export const releaseSlots = ({ run, effects }: Draft): void => {
  const isOver = isFinalRun(run.state);
  for (const step of run.steps) {
    if (isOver || !keepsSlot(step)) giveBack({ effects }, step);
  }
  if (isOver) leaveGroup({ run, effects });
};
