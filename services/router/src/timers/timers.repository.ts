import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { Timer } from '@stellwerk/flows';

/** Clocks of runs. Whoever touches a run's timers holds the run's lock. */
@Injectable()
export class TimersRepository {
  async set(tx: Queryable, run: string, key: string, due: Date, timer: Timer): Promise<void> {
    await tx.query(
      `INSERT INTO timers (run, key, due_at, timer) VALUES ($1, $2, $3, $4)
       ON CONFLICT (run, key) DO UPDATE SET due_at = excluded.due_at, timer = excluded.timer`,
      [run, key, due, JSON.stringify(timer)],
    );
  }

  async clear(tx: Queryable, run: string, key: string): Promise<void> {
    await tx.query('DELETE FROM timers WHERE run = $1 AND key = $2', [run, key]);
  }

  /** Ids of runs with a clock that is over. */
  async dueRuns(db: Queryable, now: Date, limit: number): Promise<string[]> {
    const rows = await db.query<{ run: string }>('SELECT run FROM timers WHERE due_at <= $1 ORDER BY due_at LIMIT $2', [now, limit]);
    return [...new Set(rows.map(({ run }) => run))];
  }

  /** Lets the run's due clocks strike later; for one that cannot be moved now. */
  async postpone(db: Queryable, run: string, now: Date, until: Date): Promise<void> {
    await db.query('UPDATE timers SET due_at = $3 WHERE run = $1 AND due_at <= $2', [run, now, until]);
  }

  /** Takes the run's clocks that are over. */
  async takeDue(tx: Queryable, run: string, now: Date): Promise<Timer[]> {
    const rows = await tx.query<{ timer: Timer }>(
      'WITH due AS (DELETE FROM timers WHERE run = $1 AND due_at <= $2 RETURNING timer, due_at) SELECT timer FROM due ORDER BY due_at',
      [run, now],
    );
    return rows.map(({ timer }) => timer);
  }
}
