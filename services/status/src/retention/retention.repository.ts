import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';

const BATCH = 2_000;

const old = (table: string, key: string, condition: string): string =>
  `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED) RETURNING 1`;

const DELETIONS = {
  events: old('events', 'id', 'recorded_at < now() - make_interval(days => $1)'),
  runs: old('runs', 'id', 'finished_at IS NOT NULL AND created_at < now() - make_interval(days => $1)'),
  platformRuns: old('platform_runs', 'key', 'changed_at < now() - make_interval(days => $1)'),
  facts: old('told_facts', 'fact', 'told_at < now() - make_interval(days => $1)'),
};

export type Aged = keyof typeof DELETIONS;

/** Deletes what is old, in batches that hold no lock for long; any number of replicas may do so at once. */
@Injectable()
export class RetentionRepository {
  constructor(private readonly database: Database) {}

  /** How many rows went; fewer than a batch = none is left. */
  async deleteBatch(what: Aged, days: number): Promise<{ deleted: number; more: boolean }> {
    const rows = await this.database.query(DELETIONS[what], [days]);
    return { deleted: rows.length, more: rows.length === BATCH };
  }
}
