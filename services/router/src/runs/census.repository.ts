import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';

export interface Unsettled {
  state: string;
  count: number;
  oldestSeconds: number;
}

/** Counts of what is going on, by partial indexes that hold nothing else. */
@Injectable()
export class CensusRepository {
  async liveRuns(db: Queryable): Promise<{ state: string; count: number }[]> {
    return db.query('SELECT state, count(*)::int AS count FROM runs WHERE finished_at IS NULL GROUP BY state');
  }

  async unsettledCommands(db: Queryable): Promise<Unsettled[]> {
    return db.query(
      `SELECT state, count(*)::int AS count, extract(epoch FROM now() - min(created_at))::float8 AS "oldestSeconds" FROM commands
       WHERE state IN ('sent', 'unknown') AND purpose IN ('run', 'rollback') GROUP BY state`,
    );
  }
}
