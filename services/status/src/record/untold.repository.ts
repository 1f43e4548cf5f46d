import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { Transitions } from './transitions.js';

/** An event that is written down and not told yet. */
export interface Untold {
  event: string;
  /** Its place in EVENTS. */
  sequence: number;
  /** How long it has been untold. */
  waitedMs: number;
}

/** Events that are written down and whose messages are not confirmed yet: what a killed process left is told by another. */
@Injectable()
export class UntoldRepository {
  /** Those of these events that are untold, with what was found to tell of a run's version. */
  async of(tx: Queryable, events: readonly string[]): Promise<Map<string, Transitions | undefined>> {
    const rows = await tx.query<{ event: string; told: Transitions | null }>(
      `SELECT event, events.data->'told' AS told FROM untold JOIN events ON events.id = event WHERE event = ANY($1)`, [events]);
    return new Map(rows.map(({ event, told }) => [event, told ?? undefined]));
  }

  async remove(tx: Queryable, events: readonly string[]): Promise<void> {
    await tx.query('DELETE FROM untold WHERE event = ANY($1)', [events]);
  }

  /** What has been untold for so long, in the order in which it came. */
  async old(tx: Queryable, seconds: number, limit: number): Promise<Untold[]> {
    const rows = await tx.query<{ event: string; sequence: string; waited: number }>(
      `SELECT event, sequence, extract(epoch FROM now() - since)::float8 * 1000 AS waited FROM untold
       WHERE since < now() - make_interval(secs => $1) ORDER BY sequence LIMIT $2`, [seconds, limit]);
    return rows.map(({ event, sequence, waited }) => ({ event, sequence: Number(sequence), waitedMs: waited }));
  }
}
