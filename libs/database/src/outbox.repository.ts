import type { Database } from './database.js';
import { put, type OutboxMessage, type OutboxRow } from './outbox.js';

/** Leases and deletions may be lost in a crash without harm; waiting for the disk would double the time of each flush. */
const NOT_DURABLE = "set_config('synchronous_commit', 'off', true)";

export interface OutboxDepth {
  rows: number;
  oldestSeconds: number;
  refused: number;
}

/** The rows of one outbox; many relays, here and in other replicas, share them. */
export class OutboxRepository {
  constructor(
    private readonly database: Database,
    private readonly owner: string,
  ) {}

  /**
   * Leases up to `limit` rows in order of id. A row whose key has an earlier row in another's lease stays, so that
   * order within a key holds over all replicas. Claims go one after the other (they take a millisecond), else two of
   * them could each miss the other's lease.
   */
  async claim(limit: number, leaseMs: number): Promise<OutboxRow[]> {
    if (!(await this.#hasWork())) return [];
    return this.database.transaction(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('outbox:' || current_schema())), ${NOT_DURABLE}`);
      const rows = await tx.query<OutboxRow>(
        `UPDATE outbox SET leased_by = $1, leased_until = clock_timestamp() + make_interval(secs => $2)
         WHERE id IN (
           SELECT id FROM outbox o
           WHERE refused_at IS NULL AND leased_until < clock_timestamp()
             AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.key = o.key AND e.id < o.id AND e.leased_until >= clock_timestamp())
           ORDER BY id LIMIT $3)
         RETURNING id AS row, key, message_id AS id, subject, body, headers, trace`,
        [this.owner, leaseMs / 1_000, limit],
      );
      return rows.sort((a, b) => (BigInt(a.row) < BigInt(b.row) ? -1 : 1));
    });
  }

  /** Most messages leave nothing in the outbox: one cheap look instead of a transaction. */
  async #hasWork(): Promise<boolean> {
    return (await this.database.query('SELECT 1 FROM outbox WHERE refused_at IS NULL AND leased_until < clock_timestamp() LIMIT 1')).length > 0;
  }

  /** A deletion lost in a crash publishes once more under the same id. */
  async published(rows: readonly string[]): Promise<void> {
    if (rows.length > 0) await this.database.query(`WITH fast AS (SELECT ${NOT_DURABLE}) DELETE FROM outbox USING fast WHERE id = ANY($1::bigint[])`, [rows]);
  }

  /** Gives rows back, for whoever sweeps next. */
  async release(rows: readonly string[]): Promise<void> {
    if (rows.length === 0) return;
    await this.database.query("UPDATE outbox SET leased_until = '-infinity', leased_by = NULL WHERE id = ANY($1::bigint[]) AND leased_by = $2", [rows, this.owner]);
  }

  /** Sets aside what no broker will ever take; kept for a person, out of the others' way. `instead` is told in its place. */
  async refused(row: string, reason: string, instead: readonly OutboxMessage[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query("UPDATE outbox SET refused_at = now(), refused_reason = $2, leased_until = '-infinity' WHERE id = $1", [row, reason]);
      await put(tx, instead);
    });
  }

  async depth(): Promise<OutboxDepth> {
    const [found] = await this.database.query<OutboxDepth>(
      `SELECT count(*) FILTER (WHERE refused_at IS NULL)::int AS rows, count(refused_at)::int AS refused,
         coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE refused_at IS NULL)), 0)::float8 AS "oldestSeconds" FROM outbox`);
    return found!;
  }
}
