import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { columnsOf, toDispatch, type Row } from './dispatch.row.js';
import type { Claim, Dispatch } from './dispatch.types.js';
import { LANE_BUSY } from './lanes.repository.js';

/** Due and unheld: takes the lease, raises the fence. A pending one becomes DISPATCHING with "not sent yet". */
const CLAIM = (which: string): string => `
  WITH due AS (
    SELECT d.command_id, d.state, COALESCE(l.ms, $3) * interval '1 millisecond' AS lease
    FROM dispatches d LEFT JOIN unnest($1::text[], $2::int[]) AS l(connection, ms) ON l.connection = d.connection
    WHERE d.next_attempt_at <= now() AND (d.lease_until IS NULL OR d.lease_until <= now()) AND ${which}
    FOR UPDATE OF d SKIP LOCKED
  )
  UPDATE dispatches d SET
    fence = d.fence + 1,
    lease_until = now() + due.lease,
    next_attempt_at = now() + due.lease,
    state = CASE WHEN due.state = 'PENDING' THEN 'DISPATCHING' ELSE d.state END,
    attempt = CASE WHEN due.state = 'PENDING' THEN d.attempt + 1 ELSE d.attempt END,
    sent_at = CASE WHEN due.state = 'PENDING' THEN NULL ELSE d.sent_at END,
    lane_wait = false,
    updated_at = now()
  FROM due WHERE d.command_id = due.command_id
  RETURNING d.*, due.state AS was, clock_timestamp() AS claimed_at`;

const CLAIM_DUE = CLAIM('d.connection <> ALL($4::text[]) ORDER BY d.next_attempt_at LIMIT $5');
const CLAIM_NAMED = CLAIM('d.command_id = ANY($4::text[])');

const MARK_SENT = `
  UPDATE dispatches d SET sent_at = now(), first_sent_at = COALESCE(d.first_sent_at, now()), carrier = m.carrier, updated_at = now(),
    lease_until = now() + m.ms * interval '1 millisecond', next_attempt_at = now() + m.ms * interval '1 millisecond'
  FROM unnest($1::text[], $2::bigint[], $3::bool[], $4::int[]) AS m(command_id, fence, carrier, ms)
  WHERE d.command_id = m.command_id AND d.fence = m.fence AND d.state = 'DISPATCHING' AND d.lease_until > now()
  RETURNING d.command_id`;

/** Leases in ms, by connection; the fallback is for one that is not configured. */
export interface Leases {
  connections: string[];
  ms: number[];
  fallbackMs: number;
}

export interface Mark {
  dispatch: Dispatch;
  carrier: boolean;
  leaseMs: number;
}

/** Leases on rows of the table `dispatches`. */
@Injectable()
export class ClaimsRepository {
  constructor(private readonly database: Database) {}

  /** Takes what is due, the longest due first; rows another replica is at, and those of busy connections, are passed over. */
  async claimDue(leases: Leases, { busy, limit }: { busy: readonly string[]; limit: number }): Promise<Claim[]> {
    return this.#claim(CLAIM_DUE, [leases.connections, leases.ms, leases.fallbackMs, busy, limit]);
  }

  /** Of these, takes those that are due and that nobody holds. */
  async claim(leases: Leases, commandIds: readonly string[]): Promise<Claim[]> {
    return this.#claim(CLAIM_NAMED, [leases.connections, leases.ms, leases.fallbackMs, commandIds]);
  }

  /** Commits "sent" right before the calls, under lease and fence, and lets the leases count from here. Gives those that were ours. */
  async markSent(marks: readonly Mark[]): Promise<Set<string>> {
    const rows = await this.database.query<{ command_id: string }>(MARK_SENT, parametersOf(marks));
    return new Set(rows.map((row) => row.command_id));
  }

  /** The same for a dispatch that must be alone in its lane. */
  async markAlone(mark: Mark): Promise<'marked' | 'fenced' | 'busy'> {
    const { lane, commandId } = mark.dispatch;
    return this.database.transaction(async (tx) => {
      const [, busy] = await Promise.all([
        tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [lane]), tx.query(LANE_BUSY('$1', '$2'), [lane, commandId]),
      ]);
      if (busy.length > 0) return 'busy';
      const rows = await tx.query(MARK_SENT, parametersOf([mark]));
      return rows.length > 0 ? 'marked' : 'fenced';
    });
  }

  async #claim(sql: string, parameters: unknown[]): Promise<Claim[]> {
    const rows = await this.database.query<Row>(sql, parameters);
    return rows.map((row) => ({ dispatch: toDispatch(row), was: row.was!, at: row.claimed_at! }));
  }
}

const parametersOf = (marks: readonly Mark[]): unknown[][] =>
  columnsOf(marks, [({ dispatch }) => dispatch.commandId, ({ dispatch }) => dispatch.fence, ({ carrier }) => carrier, ({ leaseMs }) => leaseMs]);
