import { Injectable } from '@nestjs/common';
import type { RunSnapshot } from '@stellwerk/contracts';
import { Database } from '@stellwerk/database';
import type { ChangeCursor } from './change-cursor.js';

export interface RunChange {
  cursor: ChangeCursor;
  run: RunSnapshot;
}

interface ChangeRow {
  change: string;
  id: string;
  snapshot: RunSnapshot;
}

/** The runs in the order in which they changed; each is there once, at its last change. */
@Injectable()
export class ChangesRepository {
  constructor(private readonly database: Database) {}

  /**
   * Changes behind the cursor, of transactions before which none is still open: whatever is committed later comes behind them.
   */
  async after(cursor: ChangeCursor, limit: number): Promise<RunChange[]> {
    const rows = await this.database.query<ChangeRow>(
      `SELECT change::text AS change, id, snapshot FROM runs
       WHERE (change, id) > ($1::xid8, $2::text) AND change < pg_snapshot_xmin(pg_current_snapshot())
       ORDER BY runs.change, id LIMIT $3`,
      [cursor.change, cursor.run, limit],
    );
    return rows.map((row) => ({ cursor: { change: row.change, run: row.id }, run: row.snapshot }));
  }

  /** Behind all that is visible now: a reader that begins here sees every later change. */
  async now(): Promise<ChangeCursor> {
    const [row] = await this.database.query<{ change: string }>(
      'SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::numeric - 1)::text AS change');
    // `~` sorts behind every run id, so the transaction itself counts as seen.
    return { change: row!.change, run: '~' };
  }
}
