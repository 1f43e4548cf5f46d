import { Injectable } from '@nestjs/common';
import type { Approval, RunCause } from '@stellwerk/contracts';
import { Database } from '@stellwerk/database';
import { Conditions } from '../http/conditions.js';
import { decodeCursor, pageOf, type Page } from '../http/cursor.js';
import type { ApprovalsQuery } from './approvals.query.js';

export interface KeptApproval {
  approval: Approval;
  event: RunCause;
}

// Microseconds kept, as in the list of runs.
const AT = `to_char(requested_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`;

/** Reading side of the approvals. */
@Injectable()
export class ApprovalReadsRepository {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list({ state, flow, run, limit, cursor }: ApprovalsQuery): Promise<Page<KeptApproval>> {
    const conditions = new Conditions().add('state = ?', state).add('flow = ?', flow).add('run = ?', run);
    if (cursor !== undefined) {
      const { at, id } = decodeCursor(cursor);
      conditions.always(`(requested_at, id) < (${conditions.bind(at)}::timestamptz, ${conditions.bind(id)}::text)`);
    }
    const most = conditions.bind(limit + 1);
    const rows = await this.database.query<KeptApproval & { at: string }>(
      `SELECT approval, event, ${AT} FROM approvals ${conditions.where} ORDER BY requested_at DESC, id DESC LIMIT ${most}`, conditions.parameters);
    return pageOf(rows, limit, ({ at, approval }) => ({ at, id: approval.id }), ({ approval, event }) => ({ approval, event }));
  }
}
