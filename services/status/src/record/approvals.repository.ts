import { Injectable } from '@nestjs/common';
import type { ApprovalChanged } from '@stellwerk/contracts';
import type { Queryable } from '@stellwerk/database';
import { rowsJson, sortedRows } from './rows.js';

const SAVE = `
  INSERT INTO approvals AS known (id, run, flow, state, version, requested_at, approval, event)
  SELECT approval->>'id', approval->>'run', approval->>'flow', approval->>'state', (approval->>'version')::integer, (approval->>'requestedAt')::timestamptz, approval, event
  FROM jsonb_to_recordset($1::jsonb) AS row(approval jsonb, event jsonb)
  ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state, version = EXCLUDED.version, approval = EXCLUDED.approval
  WHERE known.version < EXCLUDED.version`;

/** Of each approval the newest version only. */
const newest = (changes: readonly ApprovalChanged[]): ApprovalChanged[] =>
  [...new Map(changes.toSorted((one, other) => one.approval.version - other.approval.version).map((change) => [change.approval.id, change])).values()];

/** Writing side of the approvals' read model. */
@Injectable()
export class ApprovalsRepository {
  /** What is known already, or newer, stays. */
  async save(tx: Queryable, changes: readonly ApprovalChanged[]): Promise<void> {
    const rows = newest(changes).map(({ approval, run }) => ({ approval, event: run.event }));
    await tx.query(SAVE, [rowsJson(sortedRows(rows, ({ approval }) => approval.id))]);
  }
}
