import { Injectable } from '@nestjs/common';
import type { Approval } from '@stellwerk/contracts';
import type { Queryable } from '@stellwerk/database';
import type { Effect } from '@stellwerk/flows';

export type ApprovalChange = Extract<Effect, { kind: 'approval' }>;

/** Who was asked, and what they said. Whoever writes it holds the run; what a run does next is decided by its own record. */
@Injectable()
export class ApprovalsRepository {
  async save(tx: Queryable, changes: readonly ApprovalChange[]): Promise<void> {
    if (changes.length === 0) return;
    const last = new Map(changes.map(({ approval }) => [approval.id, approval]));
    await this.#saveApprovals(tx, [...last.values()]);
    await this.#addVotes(tx, changes);
  }

  async #saveApprovals(tx: Queryable, approvals: readonly Approval[]): Promise<void> {
    await tx.query(
      `INSERT INTO approvals (id, run, step, environment, rule, state, reason, requested_at, expires_at, decided_at)
       SELECT id, run, step, environment, rule, state, reason, requested_at, expires_at, decided_at FROM json_to_recordset($1::json)
         AS new(id text, run uuid, step text, environment text, rule json, state text, reason text, requested_at timestamptz, expires_at timestamptz, decided_at timestamptz)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, reason = excluded.reason, decided_at = excluded.decided_at WHERE approvals.state = 'requested'`,
      [JSON.stringify(approvals.map(({ id, run, step, environment, state, reason, by, count, notAuthor, requestedAt, until, decidedAt }) =>
        ({ id, run, step, environment, rule: { by, count, notAuthor }, state, reason, requested_at: requestedAt, expires_at: until, decided_at: decidedAt })))],
    );
  }

  async #addVotes(tx: Queryable, changes: readonly ApprovalChange[]): Promise<void> {
    const votes = changes.flatMap(({ approval, vote }) => (vote ? [{ approval: approval.id, person: vote.by, decision: vote.decision, comment: vote.comment, address: vote.from, voted_at: vote.at }] : []));
    if (votes.length === 0) return;
    await tx.query(
      `INSERT INTO approval_votes (approval, person, decision, comment, address, voted_at)
       SELECT approval, person, decision, comment, address, voted_at FROM json_to_recordset($1::json)
         AS new(approval text, person text, decision text, comment text, address text, voted_at timestamptz)`,
      [JSON.stringify(votes)],
    );
  }
}
