import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';

/** A run that began to wait by a message of the stream; what lies behind that may have been handled before the run was there. */
export interface WaitGap {
  run: string;
  /** Place in the stream of the first message that counts for the run. */
  from: number;
}

/** What a run with a gap waits for. */
export interface GapWait {
  run: string;
  digest: string;
  type: string;
}

/** So long whoever began the run is left to close its gap himself. */
const LEFT_SECONDS = 5;

const GAP = 'run, from_sequence::float8 AS "from"';

@Injectable()
export class WaitGapsRepository {
  async add(tx: Queryable, gaps: readonly WaitGap[]): Promise<void> {
    if (gaps.length === 0) return;
    await tx.query(
      'INSERT INTO wait_gaps (run, from_sequence) SELECT * FROM unnest($1::uuid[], $2::bigint[]) ON CONFLICT DO NOTHING',
      [gaps.map(({ run }) => run), gaps.map(({ from }) => from)],
    );
  }

  async of(db: Queryable, runs: readonly string[]): Promise<WaitGap[]> {
    return db.query(`SELECT ${GAP} FROM wait_gaps WHERE run = ANY($1::uuid[])`, [runs]);
  }

  /** Those that somebody left open. */
  async left(db: Queryable, limit: number): Promise<WaitGap[]> {
    return db.query(`SELECT ${GAP} FROM wait_gaps WHERE created_at < now() - interval '${LEFT_SECONDS} seconds' ORDER BY from_sequence LIMIT $1`, [limit]);
  }

  async waits(db: Queryable, runs: readonly string[]): Promise<GapWait[]> {
    return db.query('SELECT DISTINCT run, digest, type FROM event_waits WHERE run = ANY($1::uuid[])', [runs]);
  }

  async drop(tx: Queryable, runs: readonly string[]): Promise<void> {
    if (runs.length > 0) await tx.query('DELETE FROM wait_gaps WHERE run = ANY($1::uuid[])', [runs]);
  }
}
