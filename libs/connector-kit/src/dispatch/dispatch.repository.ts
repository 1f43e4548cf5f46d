import { Injectable } from '@nestjs/common';
import type { CloudEvent, TriggerResult } from '@stellwerk/contracts';
import { Database, type Queryable } from '@stellwerk/database';
import { COLUMNS, asParameter, toDispatch, type DispatchChange, type NewDispatch, type Row } from './dispatch.row.js';
import type { Claim, Dispatch } from './dispatch.types.js';

/** Due and unheld: takes the lease, raises the fence. A pending one becomes DISPATCHING with "not sent yet". */
const CLAIM = `
  WITH due AS (
    SELECT command_id, state FROM dispatches
    WHERE command_id = $1 AND next_attempt_at <= now() AND (lease_until IS NULL OR lease_until <= now())
    FOR UPDATE SKIP LOCKED
  )
  UPDATE dispatches d SET
    fence = d.fence + 1,
    lease_until = now() + $2 * interval '1 millisecond',
    next_attempt_at = now() + $2 * interval '1 millisecond',
    state = CASE WHEN due.state = 'PENDING' THEN 'DISPATCHING' ELSE d.state END,
    attempt = CASE WHEN due.state = 'PENDING' THEN d.attempt + 1 ELSE d.attempt END,
    sent_at = CASE WHEN due.state = 'PENDING' THEN NULL ELSE d.sent_at END,
    lane_wait = false,
    updated_at = now()
  FROM due WHERE d.command_id = due.command_id
  RETURNING d.*, due.state AS was, clock_timestamp() AS claimed_at`;

/** Another dispatch of the lane whose run could be taken for ours. One that a person was told of no longer holds the lane. */
const LANE_BUSY = `
  SELECT 1 FROM dispatches
  WHERE lane = $1 AND command_id <> $2 AND sent_at IS NOT NULL AND unknown_told_at IS NULL AND next_attempt_at IS NOT NULL
    AND (state IN ('DISPATCHING', 'UNKNOWN') OR (state = 'TRIGGERED' AND run IS NULL AND handle IS NULL))
  LIMIT 1`;

const MARK_SENT = `
  UPDATE dispatches SET sent_at = now(), first_sent_at = COALESCE(first_sent_at, now()), carrier = $3, updated_at = now(),
    lease_until = now() + $4 * interval '1 millisecond', next_attempt_at = now() + $4 * interval '1 millisecond'
  WHERE command_id = $1 AND fence = $2 AND state = 'DISPATCHING' AND lease_until > now()
  RETURNING command_id`;

export type DueDispatch = Pick<Dispatch, 'commandId' | 'connection'>;

/** The table `dispatches`: one row a command, moved under fence and lease. */
@Injectable()
export class DispatchRepository {
  #aheadMs = 0;

  constructor(private readonly database: Database) {}

  /** @returns false when the command is known already */
  async insert(tx: Queryable, { commandId, command, trace, lane }: NewDispatch): Promise<boolean> {
    const rows = await tx.query(
      `INSERT INTO dispatches (command_id, run_id, step, purpose, n, connection, action, command, trace, lane)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (command_id) DO NOTHING RETURNING command_id`,
      [commandId, command.run, command.step, command.purpose, command.n, command.connection, command.action, JSON.stringify(command), JSON.stringify(trace), lane],
    );
    return rows.length > 0;
  }

  /** A later command for the same step means that a person or the router has settled the earlier one: it must never be sent again. */
  async supersedeEarlier(tx: Queryable, { command }: NewDispatch): Promise<void> {
    await tx.query(
      `UPDATE dispatches SET state = 'FAILED', reason = 'settled by a later command', next_attempt_at = NULL, lease_until = NULL,
         fence = fence + 1, updated_at = now()
       WHERE run_id = $1 AND step = $2 AND purpose = $3 AND n < $4 AND (state IN ('PENDING', 'DISPATCHING', 'UNKNOWN') OR (state = 'TRIGGERED' AND run IS NULL AND next_attempt_at IS NOT NULL))`,
      [command.run, command.step, command.purpose, command.n],
    );
  }

  async find(commandId: string, tx: Queryable = this.database): Promise<Dispatch | undefined> {
    const [row] = await tx.query<Row>('SELECT * FROM dispatches WHERE command_id = $1', [commandId]);
    return row && toDispatch(row);
  }

  /** What is due, oldest first; rows another replica is at are passed over. */
  async due(limit: number): Promise<DueDispatch[]> {
    const rows = await this.database.query<{ command_id: string; connection: string }>(
      'SELECT command_id, connection FROM dispatches WHERE next_attempt_at <= now() ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED', [limit],
    );
    return rows.map((row) => ({ commandId: row.command_id, connection: row.connection }));
  }

  /** The database's time, as of the last claim: with replicas' clocks half a minute apart, a run slow to show would be taken for absent and started twice. */
  now(): Date {
    return new Date(Date.now() + this.#aheadMs);
  }

  /** Takes a due dispatch under a lease; undefined when it is not due or somebody holds it. */
  async claim(commandId: string, leaseMs: number): Promise<Claim | undefined> {
    const [row] = await this.database.query<Row>(CLAIM, [commandId, leaseMs]);
    if (row) this.#aheadMs = row.claimed_at!.getTime() - Date.now();
    return row && { dispatch: toDispatch(row), was: row.was! };
  }

  /** Commits "sent" right before the call, under lease and fence, and lets the lease count from here; `exclusive`: only in a free lane. */
  async markSent(dispatch: Dispatch, { exclusive, carrier, leaseMs }: { exclusive: boolean; carrier: boolean; leaseMs: number }): Promise<'marked' | 'fenced' | 'busy'> {
    return this.database.transaction(async (tx) => {
      if (exclusive) {
        await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [dispatch.lane]);
        const busy = await tx.query(LANE_BUSY, [dispatch.lane, dispatch.commandId]);
        if (busy.length > 0) return 'busy';
      }
      const rows = await tx.query(MARK_SENT, [dispatch.commandId, dispatch.fence, carrier, leaseMs]);
      return rows.length > 0 ? 'marked' : 'fenced';
    });
  }

  /** Writes a step's outcome and gives the lease back. @returns false when the fence was passed: nothing is written then */
  async change(tx: Queryable, dispatch: Pick<Dispatch, 'commandId' | 'fence'>, change: DispatchChange): Promise<boolean> {
    const entries = Object.entries(change).filter(([, value]) => value !== undefined) as [keyof DispatchChange, unknown][];
    const sets = entries.map(([key], index) => `${COLUMNS[key]} = $${index + 3}`);
    const rows = await tx.query(
      `UPDATE dispatches SET ${sets.join(', ')}, lease_until = NULL, updated_at = now() WHERE command_id = $1 AND fence = $2 RETURNING command_id`,
      [dispatch.commandId, dispatch.fence, ...entries.map(([, value]) => asParameter(value))],
    );
    return rows.length > 0;
  }

  /**
   * The next waiting dispatch of a lane becomes due when the lane is free. Asked by who leaves the lane and by who has just begun
   * to wait: whichever comes last sees the other.
   */
  async wakeLane(lane: string): Promise<DueDispatch | undefined> {
    const [row] = await this.database.query<{ command_id: string; connection: string }>(
      `UPDATE dispatches SET next_attempt_at = now() WHERE command_id = (
         SELECT command_id FROM dispatches WHERE lane = $1 AND state = 'PENDING' AND lane_wait ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED
       ) AND state = 'PENDING' AND NOT EXISTS (${LANE_BUSY}) RETURNING command_id, connection`,
      [lane, ''],
    );
    return row && { commandId: row.command_id, connection: row.connection };
  }

  /** Parked dispatches of a connection become due, e.g. because its settings have changed. */
  async wakeConnection(connection: string): Promise<void> {
    await this.database.query("UPDATE dispatches SET next_attempt_at = now() WHERE connection = $1 AND state = 'PENDING' AND next_attempt_at > now()", [connection]);
  }

  /** A dispatch that is not sent yet never will be. @returns false when it is too late for that */
  async withdraw(tx: Queryable, commandId: string, reason: string, outcome: CloudEvent<TriggerResult>): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE dispatches SET state = 'FAILED', reason = $2, outcome = $3, next_attempt_at = NULL, fence = fence + 1, updated_at = now()
       WHERE command_id = $1 AND state = 'PENDING' RETURNING command_id`,
      [commandId, reason, JSON.stringify(outcome)],
    );
    return rows.length > 0;
  }

  /** True when another command owns that platform run. */
  async isClaimed(runKey: string, by: string): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 FROM dispatches WHERE run_key = $1 AND command_id <> $2', [runKey, by]);
    return rows.length > 0;
  }

  /** True when another command was answered with the same queue item; `open`: one that has no run yet, so that the two were merged. */
  async isHandleTaken({ connection, handle, by, which }: { connection: string; handle: string; by: string; which: 'any' | 'open' }): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM dispatches WHERE connection = $1 AND handle = $2 AND command_id <> $3 AND ($4 = 'any' OR (state = 'TRIGGERED' AND run IS NULL))`,
      [connection, handle, by, which],
    );
    return rows.length > 0;
  }
}
