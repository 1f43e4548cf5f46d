import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { JoinRecord } from '@stellwerk/flows';

export interface DueJoin {
  id: string;
  flow: string;
  dueAt: Date;
}

/** What has come of each (flow, join, key). Whoever changes a row has its id locked, also before there is a row. */
@Injectable()
export class JoinsRepository {
  /** Those that there are; all ids are locked, in one order, until the transaction ends. */
  async lock(tx: Queryable, ids: Iterable<string>): Promise<JoinRecord[]> {
    const sorted = [...new Set(ids)].sort();
    if (sorted.length === 0) return [];
    // What is read has to be what was there when the locks were got: two statements.
    const [, rows] = await Promise.all([
      tx.query("SELECT pg_advisory_xact_lock(hashtextextended('join:' || id, 0)) FROM unnest($1::text[]) AS locked(id)", [sorted]),
      tx.query<{ document: JoinRecord }>('SELECT document FROM joins WHERE id = ANY($1)', [sorted]),
    ]);
    return rows.map(({ document }) => document);
  }

  async keep(tx: Queryable, joins: readonly JoinRecord[]): Promise<void> {
    if (joins.length === 0) return;
    await tx.query(
      `INSERT INTO joins (id, flow, state, due_at, document) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::json[])
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, due_at = excluded.due_at, document = excluded.document, changed_at = now()`,
      [
        joins.map(({ id }) => id), joins.map(({ flow }) => flow), joins.map(({ state }) => state), joins.map(({ endsAt }) => endsAt),
        joins.map((join) => JSON.stringify(join)),
      ],
    );
  }

  /** Rounds whose time is over, the first one first. */
  async due(db: Queryable, now: Date, limit: number): Promise<DueJoin[]> {
    return db.query(`SELECT id, flow, due_at AS "dueAt" FROM joins WHERE state <> 'over' AND due_at <= $1 ORDER BY due_at LIMIT $2`, [now, limit]);
  }

  /** They are looked at again then: something still has to happen, or they cannot be closed now. */
  async postpone(db: Queryable, ids: readonly string[], until: Date): Promise<void> {
    if (ids.length > 0) await db.query("UPDATE joins SET due_at = $2 WHERE id = ANY($1) AND state <> 'over' AND due_at < $2", [ids, until]);
  }

  /** Deletes up to `batch` of those that nothing came to for `days`; gives how many. What still comes begins a round. */
  async forgetOld(db: Queryable, days: number, batch: number): Promise<number> {
    const rows = await db.query(
      `DELETE FROM joins WHERE id IN (SELECT id FROM joins WHERE state = 'over' AND changed_at < now() - make_interval(days => $1) LIMIT $2)
       AND state = 'over' RETURNING 1`, [days, batch]);
    return rows.length;
  }
}
