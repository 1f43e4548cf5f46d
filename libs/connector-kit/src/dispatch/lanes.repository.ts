import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import type { DueDispatch } from './dispatch.types.js';

/** Another dispatch of the lane whose run could be taken for ours. One that a person was told of no longer holds the lane. */
export const LANE_BUSY = (lane: string, commandId: string): string => `
  SELECT 1 FROM dispatches b
  WHERE b.lane = ${lane} AND b.command_id <> ${commandId} AND b.sent_at IS NOT NULL AND b.unknown_told_at IS NULL AND b.next_attempt_at IS NOT NULL
    AND (b.state IN ('DISPATCHING', 'UNKNOWN') OR (b.state = 'TRIGGERED' AND b.run IS NULL AND b.handle IS NULL))`;

/** Dispatches that wait for others of their lane. */
@Injectable()
export class LanesRepository {
  constructor(private readonly database: Database) {}

  /**
   * The next waiting dispatch of a lane becomes due when the lane is free. Asked by who leaves the lane and by who has just begun
   * to wait: whichever comes last sees the other.
   */
  async wake(lane: string): Promise<DueDispatch | undefined> {
    const [row] = await this.database.query<{ command_id: string; connection: string }>(
      `UPDATE dispatches SET next_attempt_at = now() WHERE command_id = (
         SELECT command_id FROM dispatches WHERE lane = $1 AND next_attempt_at IS NOT NULL AND state = 'PENDING' AND lane_wait
         ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED
       ) AND state = 'PENDING' AND NOT EXISTS (${LANE_BUSY('$1', "''")}) RETURNING command_id, connection`,
      [lane],
    );
    return row && { commandId: row.command_id, connection: row.connection };
  }

  /** True when nobody waits for the lane any more. */
  async isEmpty(lane: string): Promise<boolean> {
    const rows = await this.database.query("SELECT 1 FROM dispatches WHERE lane = $1 AND next_attempt_at IS NOT NULL AND state = 'PENDING' AND lane_wait LIMIT 1", [lane]);
    return rows.length === 0;
  }
}
