import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
import type { JobCursor } from './job-cursor.js';
import type { NamedJob } from './named-jobs.repository.js';

interface Row {
  job: string; last_number: number; last_began_at: string | null; since: string | null; running: number[];
}

const toCursor = (row: Row): JobCursor => ({
  lastNumber: row.last_number, running: row.running,
  ...(row.last_began_at !== null && { lastBeganAt: Number(row.last_began_at) }), ...(row.since !== null && { since: Number(row.since) }),
});

/** The table `job_cursors`. */
@Injectable()
export class JobCursorsRepository {
  constructor(private readonly database: Database) {}

  /** Cursors of the jobs at or below a named one, by full name of the job. */
  async below({ connection, job }: NamedJob): Promise<Map<string, JobCursor>> {
    const rows = await this.database.query<Row>(
      'SELECT job, last_number, last_began_at, since, running FROM job_cursors WHERE connection = $1 AND named = $2', [connection, job],
    );
    return new Map(rows.map((row) => [row.job, toCursor(row)]));
  }

  async put(tx: Queryable, { connection, job: named }: NamedJob, job: string, cursor: JobCursor): Promise<void> {
    await tx.query(
      `INSERT INTO job_cursors (connection, named, job, last_number, last_began_at, since, running) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (connection, named, job) DO UPDATE SET
         last_number = excluded.last_number, last_began_at = excluded.last_began_at, since = excluded.since, running = excluded.running`,
      [connection, named, job, cursor.lastNumber, cursor.lastBeganAt ?? null, cursor.since ?? null, [...cursor.running]],
    );
  }

  /** Notes which jobs are not there any more; a branch that comes back goes on from its cursor, one that stays away is forgotten. */
  async keepOnly({ connection, job }: NamedJob, there: readonly string[], days: number): Promise<void> {
    await this.database.query(
      `UPDATE job_cursors SET gone_at = CASE WHEN job = ANY($3) THEN NULL ELSE now() END
       WHERE connection = $1 AND named = $2 AND (job = ANY($3)) = (gone_at IS NOT NULL)`,
      [connection, job, there],
    );
    await this.database.query(
      'DELETE FROM job_cursors WHERE connection = $1 AND named = $2 AND gone_at < now() - make_interval(days => $3)', [connection, job, days],
    );
  }
}
