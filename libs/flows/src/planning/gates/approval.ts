import { approvalId, type Approval, type ApprovalEventType, type ApprovalVote } from '@stellwerk/contracts';
import type { ApprovalRule } from '../../model.js';
import type { Draft } from '../plan.js';
import type { StepRecord } from '../run-record.js';
import { closeGate, openGate } from './gate.js';

/** A vote with the address that it came from, which only the router keeps. */
export type Vote = ApprovalVote & { from?: string };

/** In words, e.g. `needs approval by alice or team:release (1 of 2)`. */
const awaited = ({ by, count, votes }: Approval): string =>
  `needs approval by ${by.join(' or ')}${count > 1 ? ` (${votes.length} of ${count})` : ''}`;

/** Announced as it is now: it changes further while the run is planned. */
const tell = (draft: Draft, approval: Approval, type: ApprovalEventType, vote?: Vote): void => {
  draft.effects.push({ kind: 'approval', type, approval: { ...approval, votes: [...approval.votes] }, ...(vote && { vote }) });
};

/** The step waits for people. `environment`: whose rule it is. */
export const askForApproval = (draft: Draft, step: StepRecord, rule: ApprovalRule, environment?: string): void => {
  const { run, facts: { now } } = draft;
  const until = rule.withinMs === undefined ? undefined : new Date(now.getTime() + rule.withinMs);
  const number = openGate(draft, step, 'approval', '', until);
  step.approval = {
    id: approvalId(run.id, step.name, number), run: run.id, flow: run.flow, step: step.name, ...(environment !== undefined && { environment }),
    state: 'requested', by: [...rule.by], count: rule.count, notAuthor: rule.notAuthor, votes: [],
    requestedAt: now.toISOString(), ...(until && { until: until.toISOString() }), version: 1,
  };
  step.run.reason = awaited(step.approval);
  tell(draft, step.approval, 'approval.requested');
};

/** One more has approved, and others have to. */
export const countVote = (draft: Draft, step: StepRecord, vote: Vote): void => {
  const approval = step.approval!;
  record(approval, vote);
  approval.version += 1;
  step.run.reason = awaited(approval);
  tell(draft, approval, 'approval.voted', vote);
};

const record = (approval: Approval, { from: _, ...vote }: Vote): void => void approval.votes.push(vote);

/** The approval is over, and so is the waiting for it. `vote`: the one that ended it. */
export const decide = (draft: Draft, step: StepRecord, state: Exclude<Approval['state'], 'requested'>, { reason, vote }: { reason?: string; vote?: Vote } = {}): void => {
  const approval = step.approval!;
  if (vote) record(approval, vote);
  Object.assign(approval, { state, decidedAt: draft.facts.now.toISOString(), ...(reason !== undefined && { reason }) });
  approval.version += 1;
  closeGate(draft, step);
  tell(draft, approval, 'approval.decided', vote);
};
