import { isFinalRun, isFinalStep, type Effect, type Plan, type RunRecord, type StepRecord } from '@stellwerk/flows';
import type { Order } from './gather-order.js';

const goesOn = ({ run, rollback }: StepRecord): boolean => !isFinalStep(run.state) || (rollback !== undefined && !isFinalStep(rollback.state));

/** `running` alone would read as if a cancel had done nothing: what still goes on was asked for by the flow. */
const stateOf = (run: RunRecord): string => {
  if (isFinalRun(run.state) || run.cancelled === undefined) return `the run is ${run.state}`;
  const names = run.steps.filter(goesOn).map(({ name }) => name).join(', ');
  return `the run is being cancelled; it is ${run.state} until what the flow does then has ended (${names}), or another cancel ends that too`;
};

const cancelled = (effects: readonly Effect[]): string[] =>
  effects.flatMap((effect) => (effect.kind === 'command' && effect.command.purpose === 'cancel' ? [effect.command.step] : []));

const byCancel = ({ run, effects }: Plan): string => {
  const steps = cancelled(effects);
  return `${stateOf(run)}${steps.length === 0 ? '' : `; its platforms are told to stop ${steps.join(', ')}`}`;
};

const byResolve = ({ run }: Plan, { step: name, ran, platformRun }: Extract<Order, { kind: 'resolve' }>): string => {
  const step = run.steps.find((candidate) => candidate.name === name)!;
  const { state } = step.rollback?.attempts.length ? step.rollback : step.run;
  const next = ran ? `the end of run ${platformRun ?? ''} is awaited` : 'it is sent once more';
  return `step ${name} is ${isFinalStep(state) ? state : `settled: ${next}`}; ${stateOf(run)}`;
};

const byVote = ({ run }: Plan, { approval: id }: Extract<Order, { kind: 'vote' }>): string => {
  const approval = run.steps.find((step) => step.approval?.id === id)?.approval;
  if (approval?.state === 'requested') return `${approval.votes.length} of ${approval.count} have approved`;
  return `${approval ? `the approval is ${approval.state}, ` : ''}${stateOf(run)}`;
};

/** What an order has led to, in words for a person. */
export const doneBy = (order: Order, plan: Plan): string => {
  switch (order.kind) {
    case 'cancel':
      return byCancel(plan);
    case 'resolve':
      return byResolve(plan, order);
    case 'vote':
      return byVote(plan, order);
    default:
      return stateOf(plan.run);
  }
};
