import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { Sighting } from '../work/triggers-at-hand.js';

/** A schedule or an absence of a flow in force. */
export interface WantedClock {
  flow: string;
  /** `Schedule.id` or `Absence.id`. */
  id: string;
  /** Of a schedule: its next instant. */
  dueAt?: Date;
  /** Of an absence. */
  forSeconds?: number;
}

export interface Clock {
  flow: string;
  id: string;
  since: Date;
  told: Date | null;
  dueAt: Date | null;
}

/** An absence that takes the place of one of its flow that is wanted no more goes on counting from where that one stood. */
const ADD = `
  INSERT INTO trigger_clocks (flow, id, since, told, due_at)
  SELECT new.flow, new.id, coalesce(former.since, $2), former.told,
    CASE WHEN new.seconds IS NULL THEN new.due WHEN former.told = former.since THEN NULL ELSE coalesce(former.since, $2) + make_interval(secs => new.seconds) END
  FROM json_to_recordset($1::json) AS new(n int, flow text, id text, due timestamptz, seconds float8)
  LEFT JOIN LATERAL (
    SELECT since, told FROM trigger_clocks AS known
    WHERE new.seconds IS NOT NULL AND known.flow = new.flow AND known.id LIKE 'absent:%' AND known.wanted_at > now() - interval '1 hour'
      AND NOT EXISTS (SELECT FROM json_to_recordset($1::json) AS other(flow text, id text) WHERE other.flow = known.flow AND other.id = known.id)
    ORDER BY since DESC LIMIT 1) AS former ON true
  WHERE NOT EXISTS (SELECT FROM trigger_clocks AS known WHERE known.flow = new.flow AND known.id = new.id)
  ORDER BY new.n ON CONFLICT DO NOTHING`;

const WANT = `
  UPDATE trigger_clocks SET wanted_at = now() FROM json_to_recordset($1::json) AS wanted(flow text, id text)
  WHERE trigger_clocks.flow = wanted.flow AND trigger_clocks.id = wanted.id AND wanted_at < now() - interval '5 minutes'`;

const SEE = `
  INSERT INTO trigger_clocks (flow, id, since, due_at) SELECT flow, id, at, due FROM json_to_recordset($1::json) AS seen(n int, flow text, id text, at timestamptz, due timestamptz)
  ORDER BY n ON CONFLICT (flow, id) DO UPDATE SET since = excluded.since, due_at = excluded.due_at WHERE trigger_clocks.since < excluded.since`;

const COLUMNS = 'flow, id, since, told, due_at AS "dueAt"';

/** How far schedules and absences have come; one row each, for all replicas. */
@Injectable()
export class ClocksRepository {
  /** Those of the flows in force: a new one counts from `now` on, one that is there goes on. In one order, so that replicas wait for each other. */
  async want(db: Queryable, wanted: readonly WantedClock[], now: Date): Promise<void> {
    if (wanted.length === 0) return;
    const rows = JSON.stringify(wanted.map(({ flow, id, dueAt, forSeconds }, n) => ({ n, flow, id, due: dueAt, seconds: forSeconds })));
    await db.query(ADD, [rows, now]);
    await db.query(WANT, [rows]);
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
