import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { EventContext } from '@stellwerk/flows';
import type { TraceHeaders } from '@stellwerk/service-kit';

export interface HeldEvent {
  event: EventContext;
  trace: TraceHeaders;
  heldUntil: Date;
}

/** Events that may start nothing yet, as a command of ours that may have caused them is unsettled. */
@Injectable()
export class HeldEventsRepository {
  async hold(tx: Queryable, origin: string, { event, trace, heldUntil }: HeldEvent): Promise<void> {
    await tx.query('INSERT INTO held_events (id, origin, repository, event, trace, held_until) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING', [
      event.id, origin, event.repository ?? '', JSON.stringify(event), JSON.stringify(trace), heldUntil,
    ]);
  }

  /** Ids of those at one place of one instance; without a repository all of the instance. */
  async idsAt(db: Queryable, origin: string, repository: string | null): Promise<string[]> {
    const rows = await db.query<{ id: string }>(
      `SELECT id FROM held_events WHERE origin = $1 AND ($2::text IS NULL OR repository = $2 OR starts_with(repository, $2 || '/')) ORDER BY held_until`,
      [origin, repository],
    );
    return rows.map(({ id }) => id);
  }

  /** Ids of those whose time is over, or on whose instance no command made after `since` is unsettled. */
  async idsFree(db: Queryable, now: Date, since: Date, limit: number): Promise<string[]> {
    const rows = await db.query<{ id: string }>(
      `SELECT id FROM held_events WHERE held_until <= $1 OR NOT EXISTS (
         SELECT 1 FROM commands WHERE commands.origin = held_events.origin AND created_at > $2
           AND state IN ('sent', 'unknown') AND purpose IN ('run', 'rollback'))
       ORDER BY held_until LIMIT $3`,
      [now, since, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** One held event, locked; undefined when another replica has it or it is gone. */
  async lockIfFree(tx: Queryable, id: string): Promise<HeldEvent | undefined> {
    const [row] = await tx.query<HeldEvent>('SELECT event, trace, held_until AS "heldUntil" FROM held_events WHERE id = $1 FOR UPDATE SKIP LOCKED', [id]);
    return row;
  }

  async drop(tx: Queryable, id: string): Promise<void> {
    await tx.query('DELETE FROM held_events WHERE id = $1', [id]);
  }
}
