import { Injectable } from '@nestjs/common';
import type { RunSnapshot } from '@stellwerk/contracts';
import type { Queryable } from '@stellwerk/database';
import { rowsJson, sortedRows } from './rows.js';

// A run's pipeline never changes: what a router has said of it holds, though one of a version before moves the run on and says nothing.
const SAVE = `
  INSERT INTO runs (id, flow, state, connection, repository, branch, sha, event_id, version, created_at, finished_at, pipeline_repository, pipeline_branch, snapshot)
  SELECT run->>'id', run->>'flow', run->>'state', run->'event'->>'connection', coalesce(run->'event'->>'repository', ''),
    coalesce(run->'event'->>'branch', ''), coalesce(run->'event'->>'sha', ''), run->'event'->>'id', (run->>'version')::integer,
    (run->>'createdAt')::timestamptz, (run->>'finishedAt')::timestamptz,
    CASE WHEN run ? 'pipeline' THEN coalesce(run->'pipeline'->>'repository', '') END, CASE WHEN run ? 'pipeline' THEN coalesce(run->'pipeline'->>'branch', '') END, run
  FROM jsonb_array_elements($1::jsonb) AS run
  ON CONFLICT (id) DO UPDATE SET
    state = EXCLUDED.state, version = EXCLUDED.version, finished_at = EXCLUDED.finished_at, snapshot = EXCLUDED.snapshot,
    pipeline_repository = coalesce(EXCLUDED.pipeline_repository, runs.pipeline_repository), pipeline_branch = coalesce(EXCLUDED.pipeline_branch, runs.pipeline_branch),
    updated_at = now(), change = pg_current_xact_id()
  WHERE runs.version < EXCLUDED.version
  RETURNING id`;

// By what is kept of the run itself: it knows its pipeline also where the router that told its end does not.
// A cancelled run says nothing about whether the change was good: the one before it counts.
const AFTER_FAILURE = `
  SELECT own.id FROM jsonb_to_recordset($1::jsonb) AS ended(id text, at timestamptz) JOIN runs AS own ON own.id = ended.id
  CROSS JOIN LATERAL (
    SELECT state FROM runs
    WHERE flow = own.flow AND coalesce(pipeline_repository, repository) = coalesce(own.pipeline_repository, own.repository)
      AND coalesce(pipeline_branch, branch) = coalesce(own.pipeline_branch, own.branch)
      AND finished_at IS NOT NULL AND finished_at <= ended.at AND id <> own.id AND state <> 'cancelled'
    ORDER BY finished_at DESC, created_at DESC LIMIT 1) AS before
  WHERE before.state IN ('failed', 'rolled-back')`;

/** Writing side of the runs' read model. */
@Injectable()
export class RunsRepository {
  /** The last versions known; until the transaction ends no other replica writes these runs. */
  async lock(tx: Queryable, ids: readonly string[]): Promise<Map<string, RunSnapshot>> {
    await tx.query("SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT hashtextextended('run:' || id, 0) AS key FROM unnest($1::text[]) AS id ORDER BY key) AS keys", [ids]);
    const rows = await tx.query<{ snapshot: RunSnapshot }>('SELECT snapshot FROM runs WHERE id = ANY($1)', [ids]);
    return new Map(rows.map(({ snapshot }) => [snapshot.id, snapshot]));
  }

  /** Writes what is newer than what is known, and gives the ids of those; each run at most once. */
  async save(tx: Queryable, runs: readonly RunSnapshot[]): Promise<Set<string>> {
    const saved = await tx.query<{ id: string }>(SAVE, [rowsJson(sortedRows(runs, ({ id }) => id))]);
    return new Set(saved.map(({ id }) => id));
  }

  /** Ids of those runs, which are saved, whose predecessor of the same pipeline failed or was rolled back. */
  async afterFailure(tx: Queryable, ended: readonly RunSnapshot[]): Promise<Set<string>> {
    const rows = ended.map(({ id, finishedAt }) => ({ id, at: finishedAt }));
    return new Set((await tx.query<{ id: string }>(AFTER_FAILURE, [rowsJson(rows)])).map(({ id }) => id));
  }
}
