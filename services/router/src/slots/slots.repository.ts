import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { environmentOf, type Place, type SlotName } from '@stellwerk/flows';
import type { PlaceChange } from '../work/slots-at-hand.js';

type Row = Omit<Place, 'step' | 'limit'> & { step: string; limit: number | null };

const LOCK = "hashtextextended('slot:' || $1 || ' ' || $2, 0)";

const COLUMNS = 'scope, key, step, slot_limit, when_full, run, held, displaced, place';

/** So many of those that wait are looked at: more than get a turn at once, or are told who is in the slot. */
export const LINE = 50;

// From the slot on, in the order of the index, and cut at its end by whoever asks: of one slot alone the planner thinks that there are few, while its
// figures are older than the line, and would sort all of them. Runs are asked for one by one (OFFSET 0 keeps it so), else it would read all that live.
const FIRST_IN_LINE = `SELECT * FROM slots AS ahead WHERE ahead.slot >= wanted.slot AND NOT ahead.held AND (SELECT finished_at IS NULL FROM runs WHERE runs.id = ahead.run)
  ORDER BY ahead.slot, ahead.place LIMIT ${LINE}`;

/**
 * Who holds a place in a slot, and who waits. Places are given, and asked for with an answer, only by whoever has the slot's lock; a run
 * gives its own back without it, as that leaves only more room.
 */
@Injectable()
export class SlotsRepository {
  /** Waits for the lock, so only whoever holds no other may call it. */
  async lock(tx: Queryable, { scope, key }: SlotName): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(${LOCK})`, [scope, key]);
  }

  /** Undefined when another transaction has the lock: whoever holds other locks must not wait for it. */
  async tryLock(tx: Queryable, slot: SlotName): Promise<Place[] | undefined> {
    // What is read has to be what was there when the lock was got: two statements, sent together.
    const [[lock], places] = await Promise.all([
      tx.query<{ got: boolean }>(`SELECT pg_try_advisory_xact_lock(${LOCK}) AS got`, [slot.scope, slot.key]),
      this.places(tx, [slot]),
    ]);
    return lock?.got === true ? places : undefined;
  }

  /**
   * Of runs that have not ended, in the order of coming: all who hold a place, and of those that wait the first `LINE`, since whoever comes first is
   * served first. Where somebody waits who wants more than a turn (`replace-queued`, `cancel-running`, `drop`) all of them count; such lines are short.
   */
  async places(db: Queryable, slots: readonly SlotName[]): Promise<Place[]> {
    const rows = await db.query<Row>(
      `SELECT scope, key, step, slot_limit AS limit, when_full AS "whenFull", run, flow, held, displaced, state = 'rolling-back' AS "rollingBack"
       FROM (SELECT DISTINCT md5(scope || ' ' || key) AS slot FROM unnest($1::text[], $2::text[]) AS named(scope, key)) AS wanted,
         LATERAL (SELECT EXISTS (SELECT FROM slots WHERE slots.slot = wanted.slot AND NOT held AND when_full <> 'queue') AS pushing) AS line,
         LATERAL (
           (SELECT ${COLUMNS} FROM slots WHERE slots.slot = wanted.slot AND held)
           UNION ALL
           (SELECT ${COLUMNS} FROM slots WHERE slots.slot = wanted.slot AND NOT held AND line.pushing)
           UNION ALL
           (SELECT ${COLUMNS} FROM (${FIRST_IN_LINE}) AS slots WHERE slots.slot = wanted.slot AND NOT line.pushing)
         ) AS places,
         LATERAL (SELECT flow, state FROM runs WHERE id = places.run AND finished_at IS NULL OFFSET 0) AS its_run ORDER BY place`,
      [slots.map(({ scope }) => scope), slots.map(({ key }) => key)],
    );
    return rows.map(({ step, limit, ...row }) => ({ ...row, limit: limit ?? Number.MAX_SAFE_INTEGER, ...(step !== '' && { step }) }));
  }

  /** The next slots behind `after` for which somebody waits. From one to the next: a line of thousands is one step. */
  async page(db: Queryable, after: string, limit: number): Promise<(SlotName & { slot: string })[]> {
    return db.query(
      `WITH RECURSIVE page AS (
         (SELECT slot, scope, key, 1 AS nth FROM slots WHERE NOT held AND slot > $1 ORDER BY slot LIMIT 1)
         UNION ALL
         SELECT next.slot, next.scope, next.key, nth + 1 FROM page,
           LATERAL (SELECT slot, scope, key FROM slots WHERE NOT held AND slots.slot > page.slot ORDER BY slot LIMIT 1) AS next WHERE nth < $2
       ) SELECT slot, scope, key FROM page ORDER BY slot`, [after, limit]);
  }

  /** Whoever writes has the runs of these places locked. Gives the slots in which a place came free. */
  async write(tx: Queryable, changes: readonly PlaceChange[]): Promise<SlotName[]> {
    const places = changes.flatMap(({ place }) => place ?? []);
    const [freed] = await Promise.all([this.#free(tx, changes), this.#put(tx, places.filter(({ displaced }) => !displaced)), this.#displace(tx, places.filter(({ displaced }) => displaced))]);
    return freed;
  }

  async #free(tx: Queryable, changes: readonly PlaceChange[]): Promise<SlotName[]> {
    const gone = changes.filter(({ place }) => !place);
    if (gone.length === 0) return [];
    return tx.query(
      'DELETE FROM slots USING unnest($1::uuid[], $2::text[]) AS gone(run, step) WHERE slots.run = gone.run AND slots.step = gone.step RETURNING scope, key',
      [gone.map(({ run }) => run), gone.map(({ step }) => step ?? '')],
    );
  }

  /** Only notes it: who had a place when the slot was read may have given it back before its run was locked. */
  async #displace(tx: Queryable, places: readonly Place[]): Promise<void> {
    if (places.length === 0) return;
    await tx.query(
      'UPDATE slots SET displaced = true FROM unnest($1::uuid[], $2::text[]) AS told(run, step) WHERE slots.run = told.run AND slots.step = told.step',
      [places.map(({ run }) => run), places.map(({ step }) => step ?? '')],
    );
  }

  async #put(tx: Queryable, places: readonly Place[]): Promise<void> {
    if (places.length === 0) return;
    await tx.query(
      `INSERT INTO slots (run, step, scope, key, slot_limit, when_full, held, displaced)
       SELECT run, step, scope, key, slot_limit, when_full, held, false
       FROM json_to_recordset($1::json) AS new(n int, run uuid, step text, scope text, key text, slot_limit int, when_full text, held boolean)
       ORDER BY n ON CONFLICT (run, step) DO UPDATE SET scope = excluded.scope, key = excluded.key, slot_limit = excluded.slot_limit,
         when_full = excluded.when_full, held = excluded.held, displaced = false, place = excluded.place`,
      [JSON.stringify(places.map((place, n) => ({
        n, run: place.run, step: place.step ?? '', scope: place.scope, key: place.key, slot_limit: environmentOf(place) === undefined ? place.limit : null,
        when_full: place.whenFull, held: place.held,
      })))],
    );
  }
}
