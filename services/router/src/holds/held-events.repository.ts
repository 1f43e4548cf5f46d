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
    await tx.query('INSERT INTO held_events (id, origin, event, trace, held_until) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [
      event.id, origin, JSON.stringify(event), JSON.stringify(trace), heldUntil,
    ]);
  }

  /** Ids of held events, those of one instance or all. */
  async ids(db: Queryable, origin: string | undefined, limit: number): Promise<string[]> {
    const rows = await db.query<{ id: string }>('SELECT id FROM held_events WHERE origin = coalesce($1, origin) ORDER BY held_until LIMIT $2', [origin ?? null, limit]);
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
