import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
import type { TraceHeaders } from '@stellwerk/service-kit';
import type { Living } from '../channels/index.js';
import type { Notice } from '../plan/notice.js';
import type { Fate } from '../plan/repeats.js';
import type { Sibling } from './place.js';

/** A delivery that this process is to try now. `attempt` fences it: only the holder of the last try may write its outcome. */
export interface ClaimedDelivery {
  id: string;
  run: string;
  flow: string;
  channel: string;
  transition: string;
  notice: Notice;
  trace: TraceHeaders;
  attempt: number;
  lane: 'message' | 'thread';
  /** So often the same was there before. */
  repeats: number;
  /** Nobody is told of an edit. */
  silent: boolean;
  /** The message that shows the run, where there is one. */
  living?: Living;
}

/** At least four times what a call may take. */
export const LEASE_SECONDS = 60;

/** The order of what is said of a run: that it started comes before what else its version says. Others of one version are told in any order. */
const ORDER = (row: string): string => `${row}.version * 2 - CASE ${row}.transition WHEN 'started' THEN 1 ELSE 0 END`;

// One that failed before does not hold up those behind it. The lock: whoever looks at what else is said of the run, or
// of the incident, on this channel does so alone.
const DUE = `
  SELECT id, run, channel, incident, "order", at, lane, notice, follows, judged, refresh, transition, pg_advisory_xact_lock(hashtextextended(coalesce(incident, run) || ' ' || channel, 0)) FROM (
    SELECT due.id, due.run, due.channel, due.incident, ${ORDER('due')} AS "order", due.notice->>'at' AS at, due.lane, due.notice, due.follows, due.judged, due.refresh, due.transition FROM deliveries due
    WHERE due.state = 'pending' AND due.next_attempt_at <= now()
      AND NOT EXISTS (SELECT FROM channel_gates gate WHERE gate.channel = due.channel AND gate.not_before > now())
      AND NOT EXISTS (SELECT FROM deliveries before WHERE before.run = due.run AND before.channel = due.channel AND before.lane = due.lane AND ${ORDER('before')} < ${ORDER('due')}
        AND (before.state = 'sending' OR (before.state = 'pending' AND before.attempts = 0)))
    ORDER BY due.next_attempt_at, due.seq LIMIT 1 FOR UPDATE OF due SKIP LOCKED) AS due`;

// Of an incident as few as there are open or newer: years of failures and recoveries are one incident.
const SIBLINGS = `
  SELECT run, ${ORDER('other')} AS "order", notice->>'at' AS at, state, attempts FROM deliveries other WHERE run = $1 AND channel = $2 AND lane = $3 AND id <> $4
  UNION ALL SELECT run, ${ORDER('other')} AS "order", notice->>'at' AS at, state, attempts FROM deliveries other
  WHERE incident = $5 AND channel = $2 AND run <> $1 AND (state IN ('pending', 'sending') OR created_at > now() - interval '1 day')`;

// An edit may be repeated; of all else the channel's kind says whether it may.
const BEGIN_SENDING = `
  UPDATE deliveries SET state = 'sending', attempts = attempts + 1, lease_until = now() + interval '${LEASE_SECONDS} seconds', repeatable = CASE WHEN $2 THEN true END
  WHERE id = $1 RETURNING id, run, flow, channel, transition, notice, trace, attempts AS attempt, lane, repeats, silent`;

const SUPERSEDE = "UPDATE deliveries SET state = 'superseded', reason = $2, finished_at = now() WHERE id = $1";

// Once: also one that has to wait behind it, or is tried again, was counted.
const JUDGE = `
  UPDATE deliveries SET judged = true, repeats = $2, silent = $3, follows = $4, state = CASE WHEN $5 THEN 'counted' ELSE state END,
    finished_at = CASE WHEN $5 THEN now() END, reason = CASE WHEN $5 THEN 'the same was said a short time before' END
  WHERE id = $1`;

const PUT_OFF = "UPDATE deliveries SET next_attempt_at = now() + interval '100 milliseconds' WHERE id = $1";

// Its process was killed between the intent and the outcome: whether it was sent is not known.
const EXPIRED = `
  UPDATE deliveries SET
    state = CASE WHEN coalesce(repeatable, channel = ANY($1)) THEN 'pending' ELSE 'unknown' END,
    finished_at = CASE WHEN coalesce(repeatable, channel = ANY($1)) THEN NULL ELSE now() END,
    reason = 'the process that sent it ended before the outcome was written', lease_until = NULL
  WHERE id IN (SELECT id FROM deliveries WHERE state = 'sending' AND lease_until < now() LIMIT 100 FOR UPDATE SKIP LOCKED)
  RETURNING id, run, channel, state`;

export interface Due {
  id: string;
  run: string;
  channel: string;
  /** Of what the channel keeps one state over all runs. */
  incident: string | null;
  /** In what is said of the run. */
  order: number;
  /** When it happened, RFC 3339. */
  at: string;
  lane: 'message' | 'thread';
  notice: Notice;
  follows: string | null;
  judged: boolean;
  refresh: boolean;
  transition: string;
}

/** What is due, one at a time, each for one process. */
@Injectable()
export class DueRepository {
  constructor(private readonly database: Database) {}

  /** The next message; nobody else looks at its run, or its incident, on its channel until `tx` ends. */
  async next(tx: Queryable): Promise<Due | undefined> {
    return (await tx.query<Due>(DUE))[0];
  }

  async siblings(tx: Queryable, { id, run, channel, lane, incident }: Due): Promise<Sibling[]> {
    return tx.query(SIBLINGS, [run, channel, lane, id, incident]);
  }

  async putOff(tx: Queryable, id: string): Promise<void> {
    await tx.query(PUT_OFF, [id]);
  }

  async supersede(tx: Queryable, id: string, why: string): Promise<void> {
    await tx.query(SUPERSEDE, [id, why]);
  }

  async judge(tx: Queryable, id: string, { repeats, silent, follows, counted }: Fate): Promise<void> {
    await tx.query(JUDGE, [id, repeats, silent, follows ?? null, counted]);
  }

  /** Writes the intent. `living`: the message that shows the run. */
  async begin(tx: Queryable, { id, lane }: Pick<Due, 'id' | 'lane'>, living?: Living): Promise<ClaimedDelivery> {
    const [delivery] = await tx.query<ClaimedDelivery>(BEGIN_SENDING, [id, lane === 'message' && living !== undefined]);
    return { ...delivery!, ...(living && { living }) };
  }

  /** Settles what killed processes left; `repeatable`: channels to which it may be sent again. */
  async release(repeatable: readonly string[]): Promise<{ id: string; run: string; channel: string; state: string }[]> {
    return this.database.query(`WITH released AS (${EXPIRED}) SELECT * FROM released`, [repeatable]);
  }
}
