import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';

const BATCH = 2_000;

/** From the old end of the index on age; by place, as rows looked up by key make the planner read the whole table. */
const old = (table: string, age: string, condition = 'true', now = 'now()'): string => `
  DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM ${table} WHERE ${age} < ${now} - make_interval(days => $1) AND ${condition} ORDER BY ${age} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))
  RETURNING 1`;

/** By what they delete. */
const DELETIONS = {
  events: old('events', 'recorded_at'),
  runs: old('runs', "(created_at AT TIME ZONE 'UTC')", 'finished_at IS NOT NULL', "(now() AT TIME ZONE 'UTC')"),
  platformRuns: old('platform_runs', 'changed_at'),
  letters: old('dead_letters', 'died_at', 'todo IS NULL'),
  replays: old('replays', 'created_at', 'NOT EXISTS (SELECT 1 FROM dead_letters WHERE replay = number)'),
  approvals: old('approvals', 'requested_at', "state <> 'requested'"),
  facts: old('told_facts', 'told_at'),
  requests: old('run_requests', 'requested_at'),
  deployments: old('deployments', 'finished_at'),
  flowRevisions: old('flow_revisions', 'replaced_at', 'replaced_at IS NOT NULL'),
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
