import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import type { TraceHeaders } from '@stellwerk/service-kit';
import type { Notice } from '../plan/notice.js';
import type { PlannedDelivery } from '../plan/plan-deliveries.js';
import { placeOf, type Sibling } from './place.js';
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

export type Claim =
  | { place: 'send'; delivery: ClaimedDelivery }
  | { place: 'wait' | 'superseded'; delivery: { id: string; run: string; channel: string } };

/** At least four times what a call may take. */
const LEASE_SECONDS = 60;

/** So long a new message waits for those before it: another replica may have got them, and has them to write down. */
export const SETTLING_MS = 250;

const ADD = `
  INSERT INTO deliveries (id, run, transition, occurrence, channel, flow, version, notice, trace, state, next_attempt_at)
  SELECT id, run, transition, occurrence, channel, flow, version, notice, trace, 'pending', now() + interval '${SETTLING_MS} milliseconds'
  FROM jsonb_to_recordset($1::jsonb) AS row(id text, run text, transition text, occurrence integer, channel text, flow text, version integer, notice jsonb, trace jsonb)
  ON CONFLICT DO NOTHING RETURNING id`;

/** The order of what is said of a run: that it started comes before what else its version says. Others of one version are told in any order. */
const ORDER = (row: string): string => `${row}.version * 2 - CASE ${row}.transition WHEN 'started' THEN 1 ELSE 0 END`;

// One that failed before does not hold up those behind it. The lock: whoever looks at what else is said of the run on
// this channel does so alone.
const DUE = `
  SELECT id, run, channel, "order", pg_advisory_xact_lock(hashtextextended(run || ' ' || channel, 0)) FROM (
    SELECT due.id, due.run, due.channel, ${ORDER('due')} AS "order" FROM deliveries due
    WHERE due.state = 'pending' AND due.next_attempt_at <= now()
      AND NOT EXISTS (SELECT FROM channel_gates gate WHERE gate.channel = due.channel AND gate.not_before > now())
      AND NOT EXISTS (SELECT FROM deliveries before WHERE before.run = due.run AND before.channel = due.channel AND ${ORDER('before')} < ${ORDER('due')}
        AND (before.state = 'sending' OR (before.state = 'pending' AND before.attempts = 0)))
    ORDER BY due.next_attempt_at, due.seq LIMIT 1 FOR UPDATE OF due SKIP LOCKED) AS due`;

const SIBLINGS = `SELECT ${ORDER('other')} AS "order", state, attempts FROM deliveries other WHERE run = $1 AND channel = $2 AND id <> $3`;

const BEGIN_SENDING = `
  UPDATE deliveries SET state = 'sending', attempts = attempts + 1, lease_until = now() + interval '${LEASE_SECONDS} seconds'
  WHERE id = $1 RETURNING id, run, flow, channel, notice, trace, attempts AS attempt`;

const SUPERSEDE = `
  UPDATE deliveries SET state = 'superseded', reason = 'what came after it has been said', finished_at = now() WHERE id = $1`;

const PUT_OFF = "UPDATE deliveries SET next_attempt_at = now() + interval '100 milliseconds' WHERE id = $1";

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

  /** Ids of those that are new; the others are under way or done. */
  async add(planned: readonly (PlannedDelivery & { trace: TraceHeaders })[]): Promise<Set<string>> {
    // In the order of their runs, so that two replicas that add the same wait for each other instead of both losing.
    const rows = planned.toSorted((one, other) => (one.run === other.run ? 0 : one.run < other.run ? -1 : 1));
    return new Set((await this.database.query<{ id: string }>(ADD, [JSON.stringify(rows)])).map(({ id }) => id));
  }

  /** What is to be sent now, its intent written with it; or what people shall no longer hear. `repeatable`: see `release`. */
  async claim(repeatable: readonly string[]): Promise<Claim | undefined> {
    return this.database.transaction(async (tx) => {
      const [due] = await tx.query<{ id: string; run: string; channel: string; order: number }>(DUE);
      if (!due) return undefined;
      const siblings = await tx.query<Sibling>(SIBLINGS, [due.run, due.channel, due.id]);
      const place = placeOf({ order: due.order, repeatable: repeatable.includes(due.channel) }, siblings);
      if (place === 'send') return { place, delivery: (await tx.query<ClaimedDelivery>(BEGIN_SENDING, [due.id]))[0]! };
      await tx.query(place === 'superseded' ? SUPERSEDE : PUT_OFF, [due.id]);
      return { place, delivery: due };
    });
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
