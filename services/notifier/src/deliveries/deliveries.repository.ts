import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import type { TraceHeaders } from '@stellwerk/service-kit';
import type { Notice } from '../plan/notice.js';
import type { PlannedDelivery } from '../plan/plan-deliveries.js';
import type { Verdict } from './verdict.js';

/** A delivery that this process is to try now. `attempt` fences it: only the holder of the last try may write its outcome. */
export interface ClaimedDelivery {
  id: string;
  run: string;
  flow: string;
  channel: string;
  notice: Notice;
  trace: TraceHeaders;
  attempt: number;
}

/** At least four times what a call may take. */
const LEASE_SECONDS = 60;

const ADD = `
  INSERT INTO deliveries (id, run, transition, occurrence, channel, flow, notice, trace, state)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending') ON CONFLICT DO NOTHING RETURNING id`;

// To one channel the messages of one run go in their order; one that failed before does not hold up those behind it.
const CLAIM = `
  UPDATE deliveries SET state = 'sending', attempts = attempts + 1, lease_until = now() + interval '${LEASE_SECONDS} seconds'
  WHERE id = (
    SELECT due.id FROM deliveries due
    WHERE due.state = 'pending' AND due.next_attempt_at <= now()
      AND NOT EXISTS (SELECT FROM channel_gates gate WHERE gate.channel = due.channel AND gate.not_before > now())
      AND NOT EXISTS (SELECT FROM deliveries before WHERE before.run = due.run AND before.channel = due.channel AND before.seq < due.seq
        AND (before.state = 'sending' OR (before.state = 'pending' AND before.attempts = 0)))
    ORDER BY due.next_attempt_at, due.seq LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, run, flow, channel, notice, trace, attempts AS attempt`;

const SETTLE = `
  UPDATE deliveries SET state = $3, reason = $4, next_attempt_at = now() + make_interval(secs => $5), lease_until = NULL,
    finished_at = CASE WHEN $3 = 'pending' THEN NULL ELSE now() END
  WHERE id = $1 AND state = 'sending' AND attempts = $2 RETURNING id`;

const GATE = `
  INSERT INTO channel_gates AS known (channel, not_before) VALUES ($1, now() + make_interval(secs => $2))
  ON CONFLICT (channel) DO UPDATE SET not_before = greatest(known.not_before, EXCLUDED.not_before)`;

// Its process was killed between the intent and the outcome: whether it was sent is not known.
const EXPIRED = `
  UPDATE deliveries SET
    state = CASE WHEN channel = ANY($1) THEN 'pending' ELSE 'unknown' END,
    finished_at = CASE WHEN channel = ANY($1) THEN NULL ELSE now() END,
    reason = 'the process that sent it ended before the outcome was written', lease_until = NULL
  WHERE id IN (SELECT id FROM deliveries WHERE state = 'sending' AND lease_until < now() LIMIT 100 FOR UPDATE SKIP LOCKED)
  RETURNING id, run, channel, state`;

const STATE_OF = { delivered: 'delivered', dead: 'dead', unknown: 'unknown', again: 'pending' } as const;

/** The intents and outcomes of all that is said. */
@Injectable()
export class DeliveriesRepository {
  constructor(private readonly database: Database) {}

  /** How many are new; the others are under way or done. */
  async add(planned: PlannedDelivery[], trace: TraceHeaders): Promise<number> {
    return this.database.transaction(async (tx) => {
      let added = 0;
      for (const { id, run, transition, occurrence, channel, flow, notice } of planned) {
        const rows = await tx.query(ADD, [id, run, transition, occurrence, channel, flow, JSON.stringify(notice), JSON.stringify(trace)]);
        added += rows.length;
      }
      return added;
    });
  }

  /** The intent to send is written with it. */
  async claim(): Promise<ClaimedDelivery | undefined> {
    const [claimed] = await this.database.query<ClaimedDelivery>(`WITH claimed AS (${CLAIM}) SELECT * FROM claimed`);
    return claimed;
  }

  /** False: another has taken it over meanwhile, and its outcome counts. */
  async settle({ id, attempt }: ClaimedDelivery, verdict: Verdict): Promise<boolean> {
    const waitSeconds = verdict.end === 'again' ? verdict.waitMs / 1_000 : 0;
    const reason = verdict.end === 'delivered' ? null : verdict.reason;
    const rows = await this.database.query(`WITH settled AS (${SETTLE}) SELECT id FROM settled`, [id, attempt, STATE_OF[verdict.end], reason, waitSeconds]);
    return rows.length > 0;
  }

  /** No message to the channel before then, by any replica. */
  async gate(channel: string, waitMs: number): Promise<void> {
    await this.database.query(GATE, [channel, waitMs / 1_000]);
  }

  /** Settles what killed processes left; `repeatable`: channels to which it may be sent again. */
  async release(repeatable: string[]): Promise<{ id: string; run: string; channel: string; state: string }[]> {
    return this.database.query(`WITH released AS (${EXPIRED}) SELECT * FROM released`, [repeatable]);
  }

  async deleteOld(days: number, limit: number): Promise<number> {
    const rows = await this.database.query(
      `WITH gone AS (DELETE FROM deliveries WHERE id IN
         (SELECT id FROM deliveries WHERE finished_at < now() - make_interval(days => $1) LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id)
       SELECT id FROM gone`, [days, limit]);
    return rows.length;
  }
}
