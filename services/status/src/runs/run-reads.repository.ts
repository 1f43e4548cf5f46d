import { Injectable } from '@nestjs/common';
import { FINAL_RUN_STATES, RUN_STATES, type RunSnapshot } from '@stellwerk/contracts';
import { Database } from '@stellwerk/database';
import { pageOf, type Page } from '../http/cursor.js';
import { listStatement } from './list-runs.repository.js';
import type { RunsQuery } from './runs.query.js';

interface RunRow {
  snapshot: RunSnapshot;
  at: string;
}

const OPEN = RUN_STATES.filter((state) => !FINAL_RUN_STATES.includes(state));

/** Reading side of the runs. */
@Injectable()
export class RunReadsRepository {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(query: RunsQuery): Promise<Page<RunSnapshot>> {
    const { sql, parameters } = listStatement(query);
    const rows = await this.database.query<RunRow>(sql, parameters);
    return pageOf(rows, query.limit, (row) => ({ at: row.at, id: row.snapshot.id }), (row) => row.snapshot);
  }

  async find(id: string): Promise<RunSnapshot | undefined> {
    const [row] = await this.database.query<{ snapshot: RunSnapshot }>('SELECT snapshot FROM runs WHERE id = $1', [id]);
    return row?.snapshot;
  }

  /** States of those that are there, by id. */
  async statesOf(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.database.query<{ id: string; state: string }>('SELECT id, state FROM runs WHERE id = ANY($1)', [ids]);
    return new Map(rows.map(({ id, state }) => [id, state]));
  }

  /** Runs that have not ended, by state. */
  async countOpen(): Promise<{ state: string; runs: number }[]> {
    return this.database.query('SELECT state, count(*)::int AS runs FROM runs WHERE state = ANY($1) GROUP BY state', [OPEN]);
  }
}
