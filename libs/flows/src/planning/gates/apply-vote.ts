import { parseApprovalId, type Approval } from '@stellwerk/contracts';
import { endActivity } from '../end-work.js';
import type { Draft, PlanInput } from '../plan.js';
import type { StepRecord } from '../run-record.js';
import { countVote, decide, type Vote } from './approval.js';
import { enterEnvironment } from './environment.js';

type VoteOrder = Extract<PlanInput, { kind: 'vote' }>;

/** A person approves or denies. The same vote once more counts once, also when it was decided meanwhile; one deny is enough. */
export const applyVote = (draft: Draft, order: VoteOrder): void => {
  const step = draft.run.steps.find(({ name }) => name === parseApprovalId(order.approval)?.step);
  if (isRepeated(step?.approval, order)) return;
  const refusal = refusalOf(draft, step?.approval, order);
  if (refusal) draft.refusal = refusal;
  else if (order.decision === 'deny') deny(draft, step!, voteOf(draft, order));
  else approve(draft, step!, voteOf(draft, order));
};

/** Whose answer got lost asks again by the vote itself. People have decided, and this is what this person said last. */
const isRepeated = (approval: Approval | undefined, { approval: id, by, decision }: VoteOrder): boolean =>
  approval?.id === id && (approval.state === 'approved' || approval.state === 'denied') && approval.votes.findLast((vote) => vote.by === by)?.decision === decision;

/** What people typed, as every store takes it: without NUL, and no half of a character. */
const storable = (text: string | undefined): string | undefined => text?.replaceAll('\0', '').toWellFormed().trim();

const voteOf = ({ facts: { now } }: Draft, { by, decision, comment, from }: VoteOrder): Vote => {
  const said = storable(comment);
  return { by, decision, at: now.toISOString(), ...(said && { comment: said }), ...(from !== undefined && { from }) };
};

const refusalOf = (draft: Draft, approval: Approval | undefined, order: VoteOrder): Draft['refusal'] => {
  if (!approval || numberOf(order.approval) > numberOf(approval.id)) return { status: 404, detail: `there is no approval ${order.approval}` };
  if (order.approval !== approval.id) return { status: 409, detail: `approval ${order.approval} is over: the step has asked again since, ${approval.id}` };
  if (approval.state !== 'requested') return { status: 409, detail: `approval ${approval.id} is ${approval.state} already` };
  const reason = mayNot(draft, approval, order);
  return reason === undefined ? undefined : { status: 403, detail: reason };
};

const numberOf = (approval: string): number => parseApprovalId(approval)?.n ?? Infinity;

/** Logins of platforms are the same in any case; whom `by` names is not. */
const sameLogin = (one: string, other: string | undefined): boolean => one.toLowerCase() === other?.toLowerCase();

const mayNot = ({ run }: Draft, { by, notAuthor }: Approval, order: VoteOrder): string | undefined => {
  if (notAuthor && sameLogin(order.by, run.event.actor)) return `${order.by} is the actor of the event that started the run, and must not vote here (not-author)`;
  const named = by.includes(order.by) || order.teams.some((team) => by.includes(`team:${team}`));
  return named || order.anyone ? undefined : `${order.by} may not vote here: expected ${by.join(' or ')}`;
};

const deny = (draft: Draft, step: StepRecord, vote: Vote): void => {
  const reason = `denied by ${vote.by}${vote.comment === undefined ? '' : `: ${vote.comment}`}`;
  decide(draft, step, 'denied', { reason, vote });
  endActivity(draft, step, 'run', { outcome: 'failure', reason });
};

const approve = (draft: Draft, step: StepRecord, vote: Vote): void => {
  const { votes, count, environment } = step.approval!;
  if (votes.some(({ by }) => by === vote.by)) return;
  if (votes.length + 1 < count) return countVote(draft, step, vote);
  decide(draft, step, 'approved', { vote });
  if (environment === undefined) return endActivity(draft, step, 'run', { outcome: 'success' });
  step.run.approved = true;
  enterEnvironment(draft, step);
};
