import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import type { DispatchState } from './dispatch.types.js';

export interface DispatchCount {
  state: DispatchState;
  count: number;
  oldestSeconds: number;
}

/** What is counted and forgotten of the table `dispatches`. */
@Injectable()
export class DispatchUpkeepRepository {
  constructor(private readonly database: Database) {}

  /** Dispatches that are not settled, by state. */
  async countOpen(): Promise<DispatchCount[]> {
    const rows = await this.database.query<{ state: DispatchState; count: string; oldest: string }>(
      `SELECT state, count(*) AS count, extract(epoch FROM now() - min(created_at)) AS oldest
       FROM dispatches WHERE next_attempt_at IS NOT NULL GROUP BY state`,
    );
    return rows.map(({ state, count, oldest }) => ({ state, count: Number(count), oldestSeconds: Number(oldest) }));
  }

  /** Dispatches whose outcome is not known, and that of them which is the oldest, in seconds; looking for them may have ended. */
  async countUnknown(): Promise<Omit<DispatchCount, 'state'>> {
    const [row] = await this.database.query<{ count: string; oldest: string | null }>(
      "SELECT count(*) AS count, extract(epoch FROM now() - min(created_at)) AS oldest FROM dispatches WHERE state = 'UNKNOWN'",
    );
    return { count: Number(row?.count ?? 0), oldestSeconds: Number(row?.oldest ?? 0) };
  }

  /** Settled dispatches older than the time for which command ids have to stay unique. */
  async forget(days: number, limit: number): Promise<number> {
    const rows = await this.database.query(
      `DELETE FROM dispatches WHERE command_id IN (
         SELECT command_id FROM dispatches WHERE next_attempt_at IS NULL AND created_at < now() - make_interval(days => $1) LIMIT $2
       ) RETURNING command_id`,
      [days, limit],
    );
    return rows.length;
  }
}
