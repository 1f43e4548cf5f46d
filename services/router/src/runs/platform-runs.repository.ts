import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { PlatformRunState } from '@stellwerk/flows';

/**
 * The last state of every run of a platform that we heard of. Its key is locked by whoever learns anything about that
 * run, before any run of ours is: so an end and the acceptance of its trigger never miss each other.
 */
@Injectable()
export class PlatformRunsRepository {
  /** The last states of those that were heard of; all are locked, in one order, until the transaction ends. */
  async lock(tx: Queryable, keys: Iterable<string>): Promise<PlatformRunState[]> {
    const sorted = [...new Set(keys)].sort();
    if (sorted.length === 0) return [];
    // A run nobody heard of has no row to lock. What is read has to be what was there when the locks were got: two statements.
    const [, rows] = await Promise.all([
      tx.query("SELECT pg_advisory_xact_lock(hashtextextended('platform-run:' || key, 0)) FROM unnest($1::text[]) AS locked(key)", [sorted]),
      tx.query<{ state: PlatformRunState | null }>('SELECT state FROM platform_runs WHERE key = ANY($1)', [sorted]),
    ]);
    return rows.flatMap(({ state }) => state ?? []);
  }

  /** The last states, without a lock: for whoever has locked our run already, and must not wait for these. */
  async find(tx: Queryable, keys: readonly string[]): Promise<PlatformRunState[]> {
    if (keys.length === 0) return [];
    const rows = await tx.query<{ state: PlatformRunState | null }>('SELECT state FROM platform_runs WHERE key = ANY($1)', [keys]);
    return rows.flatMap(({ state }) => state ?? []);
  }

  /** Whoever keeps states has their keys locked. */
  async keep(tx: Queryable, states: readonly PlatformRunState[]): Promise<void> {
    if (states.length === 0) return;
    await tx.query(
      `INSERT INTO platform_runs (key, state) SELECT key, state FROM unnest($1::text[], $2::json[]) AS new(key, state)
       ON CONFLICT (key) DO UPDATE SET state = excluded.state, seen_at = now()`,
      [states.map(({ key }) => key), states.map((state) => JSON.stringify(state))],
    );
  }

  /** Deletes up to `batch` states of runs that were not heard of for `days`; gives how many. An event that still comes is the first one again. */
  async forgetOld(db: Queryable, days: number, batch: number): Promise<number> {
    // Its age once more outside: one that is heard of in this moment is looked at anew.
    const rows = await db.query(
      `DELETE FROM platform_runs WHERE key IN (SELECT key FROM platform_runs WHERE seen_at < now() - make_interval(days => $1) LIMIT $2)
       AND seen_at < now() - make_interval(days => $1) RETURNING 1`, [days, batch]);
    return rows.length;
  }
}
