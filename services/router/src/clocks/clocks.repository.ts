import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { Adoption, Clock, KnownClock, WantedClock } from '@stellwerk/flows';
import type { Sighting } from '../work/triggers-at-hand.js';

/** A row that every router wants, whatever its flows: it tells when the last one was there. */
const ALIVE = ['', 'alive'] as const;

const KNOWN = `
  SELECT flow, id, since, told, due_at AS "dueAt",
    coalesce(wanted_at < (SELECT wanted_at FROM trigger_clocks WHERE (flow, id) = ('', 'alive')) - interval '30 minutes', false) AS stale
  FROM trigger_clocks WHERE flow = ANY($1)`;

const NEW = 'json_to_recordset($1::json) AS new(n int, flow text, id text, since timestamptz, told timestamptz, "dueAt" timestamptz, "from" text)';

const ADD = `INSERT INTO trigger_clocks (flow, id, since, told, due_at) SELECT flow, id, since, told, "dueAt" FROM ${NEW} ORDER BY n ON CONFLICT DO NOTHING`;

// Another router may have been faster: then the row has its new name already.
const RENAME = `
  UPDATE trigger_clocks AS old SET id = new.id, due_at = new."dueAt" FROM ${NEW} WHERE old.flow = new.flow AND old.id = new."from"
    AND NOT EXISTS (SELECT FROM trigger_clocks AS other WHERE other.flow = new.flow AND other.id = new.id)`;

const RENEW = `
  UPDATE trigger_clocks AS old SET since = new.since, told = NULL, due_at = new."dueAt", wanted_at = now() FROM ${NEW}
  WHERE old.flow = new.flow AND old.id = new.id AND old.wanted_at < now() - interval '30 minutes'`;

const WANT = `
  UPDATE trigger_clocks SET wanted_at = now() FROM ${NEW}
  WHERE trigger_clocks.flow = new.flow AND trigger_clocks.id = new.id AND wanted_at < now() - interval '5 minutes'`;

const SEE = `
  INSERT INTO trigger_clocks (flow, id, since, due_at) SELECT flow, id, at, due FROM json_to_recordset($1::json) AS seen(n int, flow text, id text, at timestamptz, due timestamptz)
  ORDER BY n ON CONFLICT (flow, id) DO UPDATE SET since = excluded.since, due_at = excluded.due_at WHERE trigger_clocks.since < excluded.since`;

const COLUMNS = 'flow, id, since, told, due_at AS "dueAt"';

const rowsOf = (clocks: readonly Pick<Clock, 'flow' | 'id'>[]): string => JSON.stringify(clocks.map((clock, n) => ({ n, ...clock })));

/** How far schedules and absences have come; one row each, for all replicas. */
@Injectable()
export class ClocksRepository {
  /** All rows of these flows. */
  async known(tx: Queryable, flows: readonly string[]): Promise<KnownClock[]> {
    return tx.query(KNOWN, [flows]);
  }

  /** In one order, so that replicas that load the same wait for each other. */
  async adopt(tx: Queryable, { add, rename, renew }: Adoption): Promise<void> {
    for (const [sql, clocks] of [[RENAME, rename], [ADD, add], [RENEW, renew]] as const) {
      if (clocks.length > 0) await tx.query(sql, [rowsOf(clocks)]);
    }
  }

  /** Nobody forgets them. */
  async want(tx: Queryable, wanted: readonly WantedClock[], now: Date): Promise<void> {
    await tx.query('INSERT INTO trigger_clocks (flow, id, since) VALUES ($1, $2, $3) ON CONFLICT (flow, id) DO UPDATE SET wanted_at = now()', [...ALIVE, now]);
    await tx.query(WANT, [rowsOf(wanted)]);
  }

  /** An event that should not stay away has come; one that happened before the last match changes nothing. */
  async see(tx: Queryable, sightings: readonly Sighting[]): Promise<void> {
    if (sightings.length === 0) return;
    await tx.query(SEE, [JSON.stringify(sightings.map(({ flow, id, at, dueAt }, n) => ({ n, flow, id, at, due: dueAt })))]);
  }

  /** Those to be looked at, the first one first. */
  async due(db: Queryable, now: Date, limit: number): Promise<Clock[]> {
    return db.query(`SELECT ${COLUMNS} FROM trigger_clocks WHERE due_at <= $1 ORDER BY due_at LIMIT $2`, [now, limit]);
  }

  /** Locks one if it is still due, and no other transaction has it. */
  async lockDue(tx: Queryable, { flow, id }: Pick<Clock, 'flow' | 'id'>, now: Date): Promise<Clock | undefined> {
    const [row] = await tx.query<Clock>(`SELECT ${COLUMNS} FROM trigger_clocks WHERE flow = $1 AND id = $2 AND due_at <= $3 FOR UPDATE SKIP LOCKED`, [flow, id, now]);
    return row;
  }

  async keep(tx: Queryable, { flow, id, since, told, dueAt }: Clock): Promise<void> {
    await tx.query('UPDATE trigger_clocks SET since = $3, told = $4, due_at = $5 WHERE flow = $1 AND id = $2', [flow, id, since, told, dueAt]);
  }

  /** It is looked at again then. */
  async postpone(db: Queryable, { flow, id }: Pick<Clock, 'flow' | 'id'>, until: Date): Promise<void> {
    await db.query('UPDATE trigger_clocks SET due_at = $3 WHERE flow = $1 AND id = $2 AND due_at < $3', [flow, id, until]);
  }

  /** Deletes those that no flow in force has had for so long; gives how many. */
  async forgetUnwanted(db: Queryable, days: number, batch: number): Promise<number> {
    const rows = await db.query(
      `DELETE FROM trigger_clocks WHERE (flow, id) IN (SELECT flow, id FROM trigger_clocks WHERE wanted_at < now() - make_interval(days => $1) LIMIT $2)
       AND wanted_at < now() - make_interval(days => $1) RETURNING 1`, [days, batch]);
    return rows.length;
  }
}
