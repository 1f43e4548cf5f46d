import { Injectable } from '@nestjs/common';
import type { RunSnapshot } from '@stellwerk/contracts';
import type { Queryable } from '@stellwerk/database';

const UPSERT = `
  INSERT INTO runs (id, flow, state, connection, repository, branch, sha, event_id, version, created_at, finished_at, snapshot)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  ON CONFLICT (id) DO UPDATE SET
    state = EXCLUDED.state, version = EXCLUDED.version, finished_at = EXCLUDED.finished_at, snapshot = EXCLUDED.snapshot,
    updated_at = now(), change = pg_current_xact_id()
  WHERE runs.version < EXCLUDED.version`;

// A cancelled run says nothing about whether the change was good: the one before it counts.
const LAST_END = `
  SELECT state FROM runs
  WHERE flow = $1 AND repository = $2 AND branch = $3 AND finished_at IS NOT NULL AND finished_at <= $4 AND id <> $5 AND state <> 'cancelled'
  ORDER BY finished_at DESC, created_at DESC LIMIT 1`;

/** Writing side of the runs' read model. */
@Injectable()
export class RunsRepository {
  /** The last version known; until the transaction ends no other replica writes this run. */
  async lock(tx: Queryable, id: string): Promise<RunSnapshot | undefined> {
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('run:' || $1, 0))", [id]);
    const [row] = await tx.query<{ snapshot: RunSnapshot }>('SELECT snapshot FROM runs WHERE id = $1', [id]);
    return row?.snapshot;
  }

  async save(tx: Queryable, run: RunSnapshot): Promise<void> {
    const { connection, repository = '', branch = '', sha = '', id } = run.event;
    await tx.query(UPSERT, [
      run.id, run.flow, run.state, connection, repository, branch, sha, id, run.version, run.createdAt, run.finishedAt ?? null, JSON.stringify(run),
    ]);
  }

  /** True when the run of this flow, repository and branch that ended before this one failed or was rolled back. */
  async followsFailure(tx: Queryable, run: RunSnapshot): Promise<boolean> {
    const [row] = await tx.query<{ state: string }>(LAST_END, [
      run.flow, run.event.repository ?? '', run.event.branch ?? '', run.finishedAt ?? new Date().toISOString(), run.id,
    ]);
    return row?.state === 'failed' || row?.state === 'rolled-back';
  }
}
