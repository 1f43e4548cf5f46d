import { Injectable } from '@nestjs/common';
import type { RunSnapshot } from '@stellwerk/contracts';
import { Database } from '@stellwerk/database';
import { Conditions, likePrefix } from '../http/conditions.js';
import { decodeCursor, pageOf, type Page } from '../http/cursor.js';
import type { RunsQuery } from './runs.query.js';

interface RunRow {
  snapshot: RunSnapshot;
  at: string;
}

// Microseconds kept: a Date would cut them, and the next page would show the last run again.
const AT = `to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`;

/** Reading side of the runs. */
@Injectable()
export class RunReadsRepository {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(query: RunsQuery): Promise<Page<RunSnapshot>> {
    const conditions = new Conditions()
      .add('flow = ?', query.flow)
      .add('state = ANY(?)', query.state)
      .add('repository = ?', query.repository)
      .add('branch = ?', query.branch)
      .add('sha LIKE ?', likePrefix(query.sha));
    if (query.cursor !== undefined) {
      const { at, id } = decodeCursor(query.cursor);
      conditions.add(`(created_at, id) < (?::timestamptz, ${conditions.bind(id)}::text)`, at);
    }
    const sql = `SELECT snapshot, ${AT} FROM runs ${conditions.where} ORDER BY created_at DESC, id DESC LIMIT ${query.limit + 1}`;
    const rows = await this.database.query<RunRow>(sql, conditions.parameters);
    return pageOf(rows, query.limit, (row) => ({ at: row.at, id: row.snapshot.id }), (row) => row.snapshot);
  }

  async find(id: string): Promise<RunSnapshot | undefined> {
    const [row] = await this.database.query<{ snapshot: RunSnapshot }>('SELECT snapshot FROM runs WHERE id = $1', [id]);
    return row?.snapshot;
  }

  /** Runs that have not ended, by state. */
  async countOpen(): Promise<{ state: string; runs: number }[]> {
    return this.database.query('SELECT state, count(*)::int AS runs FROM runs WHERE finished_at IS NULL GROUP BY state');
  }
}
