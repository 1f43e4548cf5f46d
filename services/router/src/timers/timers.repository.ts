import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { Timer } from '@stellwerk/flows';
import type { SetTimer } from '../work/working-set.js';

export interface DueTimer {
  run: string;
  timer: Timer;
}

export interface DueAt {
  now: Date;
  /** Until when all events were handled. */
  heard: Date;
}

/** A pause between tries is over at its time; every other clock says that something has not come, which may still lie in the stream. */
const DUE = "due_at <= $1::timestamptz AND (due_at <= $2::timestamptz OR timer->>'kind' = 'retry')";

/** Clocks of runs. Whoever touches a run's timers holds the run's lock. */
@Injectable()
export class TimersRepository {
  async set(tx: Queryable, timers: readonly SetTimer[]): Promise<void> {
    if (timers.length === 0) return;
    await tx.query(
      `INSERT INTO timers (run, key, due_at, timer) SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::json[])
       ON CONFLICT (run, key) DO UPDATE SET due_at = excluded.due_at, timer = excluded.timer`,
      [timers.map(({ run }) => run), timers.map(({ key }) => key), timers.map(({ due }) => due.toISOString()), timers.map(({ timer }) => JSON.stringify(timer))],
    );
  }

  async clear(tx: Queryable, timers: readonly { run: string; key: string }[]): Promise<void> {
    if (timers.length === 0) return;
    await tx.query('DELETE FROM timers USING unnest($1::uuid[], $2::text[]) AS gone(run, key) WHERE timers.run = gone.run AND timers.key = gone.key', [
      timers.map(({ run }) => run), timers.map(({ key }) => key),
    ]);
  }

  /** Ids of runs with a clock that is over. */
  async dueRuns(db: Queryable, at: DueAt, limit: number): Promise<string[]> {
    const rows = await db.query<{ run: string }>(`SELECT run FROM timers WHERE ${DUE} ORDER BY due_at LIMIT $3`, [at.now, at.heard, limit]);
    return [...new Set(rows.map(({ run }) => run))];
  }

  /** Lets a run's due clocks strike later; for one that cannot be moved now. */
  async postpone(db: Queryable, run: string, now: Date, until: Date): Promise<void> {
    await db.query('UPDATE timers SET due_at = $3 WHERE run = $1 AND due_at <= $2', [run, now, until]);
  }

  /** Takes the clocks of these runs that are over, the first one first. */
  async takeDue(tx: Queryable, runs: readonly string[], at: DueAt): Promise<DueTimer[]> {
    return tx.query(
      `WITH due AS (DELETE FROM timers WHERE run = ANY($3::uuid[]) AND ${DUE} RETURNING run, timer, due_at) SELECT run, timer FROM due ORDER BY due_at`,
      [at.now, at.heard, runs],
    );
  }
}
