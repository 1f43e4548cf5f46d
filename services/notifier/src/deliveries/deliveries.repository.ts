import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
import type { TraceHeaders } from '@stellwerk/service-kit';
import type { Verdict } from '../channels/index.js';
import type { PlannedDelivery } from '../plan/plan-deliveries.js';
import type { ClaimedDelivery } from './due.repository.js';

/** So long a new message waits for those before it: another replica may have got them, and has them to write down. */
export const SETTLING_MS = 250;

const ADD = `
  INSERT INTO deliveries (id, run, transition, occurrence, channel, incident, flow, version, notice, trace, state, next_attempt_at, refresh, silent)
  SELECT id, run, transition, occurrence, channel, incident, flow, version, notice, trace, 'pending', now() + interval '${SETTLING_MS} milliseconds', coalesce(refresh, false), coalesce(refresh, false)
  FROM jsonb_to_recordset($1::jsonb) AS row(id text, run text, transition text, occurrence integer, channel text, incident text, flow text, version integer, notice jsonb, trace jsonb, refresh boolean)
  ON CONFLICT DO NOTHING RETURNING id`;

const SETTLE = `
  UPDATE deliveries SET state = $3, reason = $4, next_attempt_at = now() + make_interval(secs => $5), lease_until = NULL,
    finished_at = CASE WHEN $3 = 'pending' THEN NULL ELSE now() END
  WHERE id = $1 AND state = 'sending' AND attempts = $2 RETURNING id`;

const ADD_LINE = `
  INSERT INTO deliveries (id, run, transition, occurrence, channel, flow, version, notice, trace, state, next_attempt_at, lane, repeats)
  SELECT id || '_thread', run, transition || ' thread', occurrence, channel, flow, version, notice, trace, 'pending', now(), 'thread', repeats
  FROM deliveries WHERE id = $1 ON CONFLICT DO NOTHING`;

const GATE = `
  INSERT INTO channel_gates AS known (channel, not_before) VALUES ($1, now() + make_interval(secs => $2))
  ON CONFLICT (channel) DO UPDATE SET not_before = greatest(known.not_before, EXCLUDED.not_before)`;

const DELETE_OLD = {
  deliveries: 'DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE finished_at < now() - make_interval(days => $1) LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1',
  threads: 'DELETE FROM threads WHERE ctid IN (SELECT ctid FROM threads WHERE posted_at < now() - make_interval(days => $1) LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1',
  topics: 'DELETE FROM topics WHERE ctid IN (SELECT ctid FROM topics WHERE at < now() - make_interval(days => $1) LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1',
};

/** All that grows with what is said. */
export const KEPT = Object.keys(DELETE_OLD) as (keyof typeof DELETE_OLD)[];

const STATE_OF = { delivered: 'delivered', dead: 'dead', unknown: 'unknown', again: 'pending', renew: 'pending' } as const;

/** The intents and outcomes of all that is said. */
@Injectable()
export class DeliveriesRepository {
  constructor(private readonly database: Database) {}

  /** Ids of those that are new; the others are under way or done. */
  async add(tx: Queryable, planned: readonly (PlannedDelivery & { trace: TraceHeaders })[]): Promise<Set<string>> {
    // In the order of their runs, so that two replicas that add the same wait for each other instead of both losing.
    const rows = planned.toSorted((one, other) => (one.run === other.run ? 0 : one.run < other.run ? -1 : 1));
    return new Set((await tx.query<{ id: string }>(ADD, [JSON.stringify(rows)])).map(({ id }) => id));
  }

  /** False: another has taken it over meanwhile, and its outcome counts. */
  async settle(tx: Queryable, { id, attempt }: ClaimedDelivery, verdict: Verdict): Promise<boolean> {
    const waitSeconds = verdict.end === 'again' ? verdict.waitMs / 1_000 : 0;
    const reason = verdict.reason ?? null;
    const rows = await tx.query(`WITH settled AS (${SETTLE}) SELECT id FROM settled`, [id, attempt, STATE_OF[verdict.end], reason, waitSeconds]);
    return rows.length > 0;
  }

  /** What was edited is also said below the message. */
  async addLine(tx: Queryable, id: string): Promise<void> {
    await tx.query(ADD_LINE, [id]);
  }

  /** No message to the channel before then, by any replica. */
  async gate(channel: string, waitMs: number): Promise<void> {
    await this.database.query(GATE, [channel, waitMs / 1_000]);
  }

  /** How many rows went; no more than `limit`. */
  async deleteOld(table: keyof typeof DELETE_OLD, days: number, limit: number): Promise<number> {
    return (await this.database.query(`WITH gone AS (${DELETE_OLD[table]}) SELECT 1 FROM gone`, [days, limit])).length;
  }
}
