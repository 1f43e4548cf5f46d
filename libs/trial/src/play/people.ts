import { parseApprovalId } from '@stellwerk/contracts';
import type { Answer, OrderedRun, PlanInput, Resolved, RunRecord } from '@stellwerk/flows';
import { CannotSimulate } from './cannot-simulate.js';

type Vote = Extract<PlanInput, { kind: 'vote' }>;

/** What people order about a run. */
export type Order = Extract<PlanInput, { kind: 'cancel' | 'retry' | 'rollback' | 'resolve' }>;

/** As planning gets it. */
export const orderOf = (ordered: OrderedRun | Resolved): Order => {
  const { by } = ordered;
  if ('order' in ordered) return { kind: ordered.order, by };
  const { step, ran, run } = ordered.resolve;
  return { kind: 'resolve', step, ran, by, ...(run !== undefined && { platformRun: run }) };
};

/** The approvals that are open in a run. */
const openIn = ({ steps }: RunRecord) => steps.flatMap(({ name, approval }) => (approval?.state === 'requested' ? [{ name, approval }] : []));

/**
 * The next thing that people say about a run; undefined = nobody is asked, or nobody answers. Environments are approved. A step that asks is
 * answered as the test says, each time that it asks by the next answer: success approves, failure denies, never leaves it open. Throws CannotSimulate for other answers.
 */
export const nextVote = (run: RunRecord, answerOf: (step: string, attempt: number) => Answer): Vote | undefined => {
  for (const { name, approval } of openIn(run)) {
    const answer = approval.environment === undefined ? answerOf(name, parseApprovalId(approval.id)?.n ?? 1) : 'success';
    if (answer === 'never') continue;
    if (answer !== 'success' && answer !== 'failure') throw new CannotSimulate(`step ${name} asks people: it can be answered with success, failure or never, not with ${answer}`);
    return { kind: 'vote', approval: approval.id, decision: answer === 'success' ? 'approve' : 'deny', by: `person-${approval.votes.length + 1}`, teams: [], anyone: true };
  }
  return undefined;
};
