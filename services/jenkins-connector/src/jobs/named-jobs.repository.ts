import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';

/** A job of the configuration. */
export interface NamedJob {
  connection: string;
  job: string;
}

/** One that this process looks at, until the lease ends or another has taken it. */
export interface HeldJob extends NamedJob {
  fence: string;
  leaseMs: number;
  /** When it was looked for last, ms by the clock of Jenkins; whether it was there or not. */
  lookedAt?: number;
  /** A hook has spoken of one of its builds not long ago. */
  hooksCome: boolean;
}

interface Row {
  connection: string; job: string; fence: string; looked_at: Date | null; hooks_come: boolean;
}

const MINE = 'connection = $1 AND job = $2 AND fence = $3';
const NAMES = (jobs: readonly NamedJob[]): string[][] => [jobs.map(({ connection }) => connection), jobs.map(({ job }) => job)];

/** The table `named_jobs`. */
@Injectable()
export class NamedJobsRepository {
  constructor(private readonly database: Database) {}

  /** Enters those that are new; they are due at once. */
  async enter(jobs: readonly NamedJob[]): Promise<void> {
    await this.database.query('INSERT INTO named_jobs (connection, job) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING', NAMES(jobs));
  }

  /** Of these, takes those that are due and that nobody holds, the longest due first. */
  async claim(jobs: readonly (NamedJob & { leaseMs: number })[], { limit, hooksWithinMs }: { limit: number; hooksWithinMs: number }): Promise<HeldJob[]> {
    const rows = await this.database.query<Row & { lease_ms: number }>(
      `WITH due AS (
         SELECT n.connection, n.job, of.lease_ms FROM named_jobs n JOIN unnest($1::text[], $2::text[], $3::int[]) AS of(connection, job, lease_ms) USING (connection, job)
         WHERE n.next_look_at <= now() AND (n.lease_until IS NULL OR n.lease_until <= now())
         ORDER BY n.next_look_at LIMIT $4 FOR UPDATE OF n SKIP LOCKED
       )
       UPDATE named_jobs n SET fence = n.fence + 1, lease_until = now() + due.lease_ms * interval '1 millisecond'
       FROM due WHERE n.connection = due.connection AND n.job = due.job
       RETURNING n.connection, n.job, n.fence, n.looked_at, due.lease_ms, COALESCE(n.hook_seen_at > now() - $5 * interval '1 millisecond', false) AS hooks_come`,
      [...NAMES(jobs), jobs.map(({ leaseMs }) => leaseMs), limit, hooksWithinMs],
    );
    return rows.map((row) => ({
      connection: row.connection, job: row.job, fence: row.fence, leaseMs: row.lease_ms, lookedAt: row.looked_at?.getTime(), hooksCome: row.hooks_come,
    }));
  }

  /** Lengthens the lease. @returns false when it is lost */
  async keep({ connection, job, fence, leaseMs }: HeldJob, on: Queryable = this.database): Promise<boolean> {
    const rows = await on.query(
      `UPDATE named_jobs SET lease_until = now() + $4 * interval '1 millisecond' WHERE ${MINE} AND lease_until > now() RETURNING 1 AS kept`, [connection, job, fence, leaseMs],
    );
    return rows.length > 0;
  }

  async looked({ connection, job, fence }: HeldJob, at: number): Promise<void> {
    await this.database.query(`UPDATE named_jobs SET looked_at = $4 WHERE ${MINE}`, [connection, job, fence, new Date(at)]);
  }

  async release({ connection, job, fence }: HeldJob, inMs: number): Promise<void> {
    await this.database.query(
      `UPDATE named_jobs SET lease_until = NULL, next_look_at = now() + $4 * interval '1 millisecond' WHERE ${MINE}`, [connection, job, fence, Math.round(inMs)],
    );
  }

  async seenByHook(jobs: readonly NamedJob[]): Promise<void> {
    await this.database.query(
      'UPDATE named_jobs n SET hook_seen_at = now() FROM unnest($1::text[], $2::text[]) AS of(connection, job) WHERE n.connection = of.connection AND n.job = of.job', NAMES(jobs),
    );
  }

  /** What is not named any more, and was not looked at for so long: named again later, it begins anew. Also notes that are over. */
  async forget(stillNamed: readonly NamedJob[], days: number): Promise<void> {
    await this.database.query(
      `WITH old AS (
         DELETE FROM named_jobs WHERE next_look_at < now() - make_interval(days => $3)
           AND (connection, job) NOT IN (SELECT * FROM unnest($1::text[], $2::text[])) RETURNING connection, job
       ), notes AS (
         DELETE FROM job_notes n WHERE until < now() OR EXISTS (SELECT 1 FROM old WHERE n.connection = old.connection AND n.named = old.job)
       )
       DELETE FROM job_cursors c USING old WHERE c.connection = old.connection AND c.named = old.job`,
      [...NAMES(stillNamed), days],
    );
  }
}
