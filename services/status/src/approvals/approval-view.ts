import type { Approval } from '@stellwerk/contracts';
import type { ApprovalView } from './approval.response.js';

/** An approval as the API shows it: what is not known is null. */
export const approvalView = (approval: Approval): ApprovalView => ({
  id: approval.id,
  state: approval.state,
  run: approval.run,
  flow: approval.flow,
  step: approval.step,
  environment: approval.environment ?? null,
  by: approval.by,
  count: approval.count,
  notAuthor: approval.notAuthor,
  votes: approval.votes.map(({ by, decision, at, comment }) => ({ by, decision, at, comment: comment ?? null })),
  requestedAt: approval.requestedAt,
  until: approval.until ?? null,
  decidedAt: approval.decidedAt ?? null,
  reason: approval.reason ?? null,
});
