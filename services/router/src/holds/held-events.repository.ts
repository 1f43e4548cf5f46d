import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { EventContext } from '@stellwerk/flows';
import type { TraceHeaders } from '@stellwerk/service-kit';
import type { NewHold } from '../work/working-set.js';

export interface HeldEvent {
  id: string;
  event: EventContext;
  trace: TraceHeaders;
  heldUntil: Date;
}

/** Where a page of held events ends. */
export interface HeldCursor {
  heldUntil: Date;
  id: string;
}

/** Events that may start nothing yet, as a command of ours that may have caused them is unsettled. */
@Injectable()
export class HeldEventsRepository {
  async hold(tx: Queryable, holds: readonly NewHold[]): Promise<void> {
    if (holds.length === 0) return;
    await tx.query(
      `INSERT INTO held_events (id, origin, repository, event, trace, held_until)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::json[], $5::json[], $6::timestamptz[]) ON CONFLICT DO NOTHING`,
      [
        holds.map(({ event }) => event.id), holds.map(({ origin }) => origin), holds.map(({ event }) => event.repository ?? ''),
        holds.map(({ event }) => JSON.stringify(event)), holds.map(({ trace }) => JSON.stringify(trace)), holds.map(({ heldUntil }) => heldUntil.toISOString()),
      ],
    );
  }

  /** Ids of events held on one of these instances. */
  async idsAt(db: Queryable, origins: readonly string[], limit: number): Promise<string[]> {
    if (origins.length === 0) return [];
    const rows = await db.query<{ id: string }>('SELECT id FROM held_events WHERE origin = ANY($1) ORDER BY held_until LIMIT $2', [[...new Set(origins)], limit]);
    return rows.map(({ id }) => id);
  }

  /** The next held events behind a place, in the order in which their time is over. */
  async page(db: Queryable, behind: HeldCursor | undefined, limit: number): Promise<HeldCursor[]> {
    return db.query(
      'SELECT id, held_until AS "heldUntil" FROM held_events WHERE (held_until, id) > ($1, $2) ORDER BY held_until, id LIMIT $3',
      [behind?.heldUntil ?? '-infinity', behind?.id ?? '', limit],
    );
  }

  /** All that are held now: those of the last minutes. */
  async all(db: Queryable): Promise<EventContext[]> {
    return (await db.query<{ event: EventContext }>('SELECT event FROM held_events')).map(({ event }) => event);
  }

  /** Those that there still are, locked; not those that another replica has. */
  async lockFree(tx: Queryable, ids: readonly string[]): Promise<HeldEvent[]> {
    return tx.query('SELECT id, event, trace, held_until AS "heldUntil" FROM held_events WHERE id = ANY($1) ORDER BY id FOR UPDATE SKIP LOCKED', [ids]);
  }

  async drop(tx: Queryable, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await tx.query('DELETE FROM held_events WHERE id = ANY($1)', [ids]);
  }
}
