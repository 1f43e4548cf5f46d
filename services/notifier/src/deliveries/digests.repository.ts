import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { Gathering } from '../plan/gather.js';
import type { Notice } from '../plan/notice.js';
import { idOf } from '../plan/plan-deliveries.js';

const OPEN_DIGEST = "SELECT id FROM deliveries WHERE channel = $1 AND state = 'gathering' FOR UPDATE";

const BEGIN_DIGEST = `
  INSERT INTO deliveries (id, run, transition, occurrence, channel, flow, version, notice, trace, state, next_attempt_at)
  SELECT $1, 'digest:' || $1, 'digest', 1, channel, flow, 1, '{}', trace, 'gathering', now() + make_interval(secs => $3) FROM deliveries WHERE id = $2
  ON CONFLICT DO NOTHING`;

// What only changes a message that is there already disturbs nobody, and is not held back.
const HOLD = `
  UPDATE deliveries held SET state = 'held', digest = $2
  WHERE id = ANY($1) AND state = 'pending' AND NOT EXISTS (SELECT FROM threads WHERE threads.channel = held.channel AND threads.run = held.run)
  RETURNING id`;

// In states of their own until they are claimed: a version before would send one empty, or half. One that is being closed goes before the next of its channel.
const DUE = `
  SELECT id, run, channel, notice FROM deliveries due WHERE state IN ('gathering', 'closing') AND next_attempt_at <= now()
    AND NOT EXISTS (SELECT FROM channel_gates gate WHERE gate.channel = due.channel AND gate.not_before > now())
    AND NOT EXISTS (SELECT FROM deliveries before WHERE before.channel = due.channel AND before.state = 'closing' AND before.seq < due.seq)
  ORDER BY next_attempt_at LIMIT 1 FOR UPDATE OF due SKIP LOCKED`;

// Of a run only its newest, wherever among the pages that is; and not what people have been told otherwise meanwhile.
const NEXT_PAGE = `
  WITH page AS (SELECT id FROM deliveries WHERE digest = $1 AND state = 'held' ORDER BY notice->>'at', seq LIMIT $2),
  gathered AS (
    UPDATE deliveries one SET state = 'gathered', finished_at = now(), reason = 'told in ' || $1 FROM page WHERE one.id = page.id
    RETURNING one.seq, one.notice, EXISTS (SELECT FROM deliveries later WHERE later.run = one.run AND later.channel = one.channel AND later.lane = 'message' AND (
      (later.version > one.version AND later.state IN ('sending', 'delivered', 'unknown', 'gathered'))
      OR (later.digest = one.digest AND later.state = 'held' AND (later.version, later.seq) > (one.version, one.seq)))) AS known
  )
  SELECT notice, known FROM gathered ORDER BY notice->>'at', seq`;

export interface DueDigest {
  id: string;
  /** Its id in the place of a run. */
  run: string;
  channel: string;
  /** What it says so far; empty before its first page. */
  notice: Gathering | { shown?: undefined };
}

/** What waits to be told together. */
@Injectable()
export class DigestsRepository {
  /** Puts new messages into the channel's next digest, the first of which begins it. */
  async hold(tx: Queryable, channel: string, ids: readonly string[], digestMs: number): Promise<void> {
    // Two replicas begin one digest, not two.
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('digest ' || $1, 0))", [channel]);
    const [open] = await tx.query<{ id: string }>(OPEN_DIGEST, [channel]);
    const digest = open?.id ?? idOf(['digest', channel, ids[0]!]);
    const held = await tx.query(`WITH held AS (${HOLD}) SELECT id FROM held`, [ids, digest]);
    if (!open && held.length > 0) await tx.query(BEGIN_DIGEST, [digest, ids[0], digestMs / 1_000]);
  }

  /** One whose time is over, or that somebody has begun to close; nobody else takes it until `tx` ends. */
  async due(tx: Queryable): Promise<DueDigest | undefined> {
    return (await tx.query<DueDigest>(DUE))[0];
  }

  /** Takes up to `size` of what is held for it, in the order in which it happened; `known`: it is not to be told any more. */
  async nextPage(tx: Queryable, digest: string, size: number): Promise<{ notice: Notice; known: boolean }[]> {
    return tx.query(NEXT_PAGE, [digest, size]);
  }

  /** Keeps what it says so far. Nothing more is put into it from here on. */
  async goOn(tx: Queryable, id: string, gathering: Gathering): Promise<void> {
    await tx.query("UPDATE deliveries SET state = 'closing', notice = $2 WHERE id = $1", [id, JSON.stringify(gathering)]);
  }

  /** What it says, from now on the same however often it is tried. */
  async write(tx: Queryable, id: string, notice: Notice): Promise<void> {
    await tx.query('UPDATE deliveries SET notice = $2 WHERE id = $1', [id, JSON.stringify(notice)]);
  }
}
