import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { PlatformRunSighting } from './recording.js';
import { rowsJson, sortedRows } from './rows.js';

// Platforms promise no order: an event moves a run forward only, by attempt, platform's time, then rank. One that only
// says whose the run is (rank -1) moves nothing.
const FORWARD = `(EXCLUDED.rank >= 0 AND (known.rank < 0 OR
  (EXCLUDED.attempt, EXCLUDED.changed_at, EXCLUDED.rank) >= (known.attempt, known.changed_at, known.rank)))`;

const moved = (column: string, value = `EXCLUDED.${column}`): string => `${column} = CASE WHEN ${FORWARD} THEN ${value} ELSE known.${column} END`;

const SAVE = `
  INSERT INTO platform_runs AS known
    (key, connection, repository, pipeline, external_id, attempt, url, state, rank, branch, sha, run, step, started_at, finished_at, changed_at)
  SELECT key, connection, repository, pipeline, external_id, attempt, url, state, rank, branch, sha, run, step, started_at, finished_at, changed_at
  FROM jsonb_to_recordset($1::jsonb) AS row(key text, connection text, repository text, pipeline text, external_id text, attempt integer, url text,
    state text, rank smallint, branch text, sha text, run text, step text, started_at timestamptz, finished_at timestamptz, changed_at timestamptz)
  ON CONFLICT (key) DO UPDATE SET
    pipeline = coalesce(EXCLUDED.pipeline, known.pipeline), url = coalesce(EXCLUDED.url, known.url),
    run = coalesce(nullif(EXCLUDED.run, ''), known.run), step = coalesce(nullif(EXCLUDED.step, ''), known.step),
    ${moved('started_at', 'coalesce(EXCLUDED.started_at, known.started_at)')},
    ${['attempt', 'state', 'rank', 'branch', 'sha', 'finished_at', 'changed_at'].map((column) => moved(column)).join(', ')}
  WHERE ${FORWARD} OR (EXCLUDED.run, EXCLUDED.step) IS DISTINCT FROM (known.run, known.step) AND EXCLUDED.run <> ''`;

/** The platforms' own runs, and which of our runs started them. */
@Injectable()
export class PlatformRunsRepository {
  /** Each run at most once. */
  async save(tx: Queryable, sightings: readonly PlatformRunSighting[]): Promise<void> {
    await tx.query(SAVE, [rowsJson(sortedRows(sightings, ({ key }) => key))]);
  }
}
