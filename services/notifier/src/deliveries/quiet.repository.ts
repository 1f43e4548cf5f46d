import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
import { gather } from '../plan/gather.js';
import type { Notice } from '../plan/notice.js';
import { idOf } from '../plan/plan-deliveries.js';
import { fateOf, isCounted, topicOf, UNCOUNTED, type Fate, type Manner, type Topic } from '../plan/repeats.js';

// Kept before it is read, so that two replicas take turns also at one that is not there yet.
const LOCK_TOPIC = `
  INSERT INTO topics AS known (topic, channel, word, times, run, said_at, at) VALUES ($1, $2, '', 0, '', now(), $3)
  ON CONFLICT (topic, channel) DO UPDATE SET at = greatest(known.at, EXCLUDED.at) RETURNING word, times, run, said_at AS "saidAt", now() AS now`;

const SAVE_TOPIC = 'UPDATE topics SET word = $3, times = $4, run = $5, said_at = $6 WHERE topic = $1 AND channel = $2';

const FORGET = `
  DELETE FROM topics USING jsonb_to_recordset($1::jsonb) AS good(topic text, at timestamptz)
  WHERE topics.topic = good.topic AND topics.word = 'failed' AND topics.at < good.at`;

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

const GATHERED = `
  UPDATE deliveries one SET state = 'gathered', finished_at = now(), reason = 'told in ' || $1
  WHERE digest = $1 AND state = 'held'
  RETURNING notice, EXISTS (SELECT FROM deliveries later WHERE later.run = one.run AND later.channel = one.channel AND later.lane = 'message'
    AND later.version > one.version AND later.state IN ('sending', 'delivered', 'unknown', 'gathered')) AS known`;

/** What channels heard of a pipeline, and what waits to be told together. */
@Injectable()
export class QuietRepository {
  constructor(private readonly database: Database) {}

  /** Decides by what was said before, and keeps that this was said; others that ask about the same wait until `tx` ends. */
  async count(tx: Queryable, channel: string, notice: Notice, manner: Manner | undefined): Promise<Fate> {
    if (!manner || !isCounted(notice.word, manner)) return UNCOUNTED;
    const topic = topicOf(notice);
    const [row] = await tx.query<Topic & { now: Date }>(LOCK_TOPIC, [topic, channel, notice.at]);
    const { topic: kept, ...fate } = fateOf(row!.times === 0 ? undefined : row, notice, manner, row!.now);
    await tx.query(SAVE_TOPIC, [topic, channel, kept.word, kept.times, kept.run, kept.saidAt]);
    return fate;
  }

  /** A pipeline that succeeded has not failed again, whoever is told that it succeeded. */
  async forgetFailures(good: readonly { topic: string; at: string }[]): Promise<void> {
    await this.database.query(FORGET, [JSON.stringify(good)]);
  }

  /** Puts new messages into the channel's next digest, the first of which begins it. */
  async hold(tx: Queryable, channel: string, ids: readonly string[], digestMs: number): Promise<void> {
    // Two replicas begin one digest, not two.
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('digest ' || $1, 0))", [channel]);
    const [open] = await tx.query<{ id: string }>(OPEN_DIGEST, [channel]);
    const digest = open?.id ?? idOf(['digest', channel, ids[0]!]);
    const held = await tx.query(`WITH held AS (${HOLD}) SELECT id FROM held`, [ids, digest]);
    if (!open && held.length > 0) await tx.query(BEGIN_DIGEST, [digest, ids[0], digestMs / 1_000]);
  }

  /** Closes a digest: what it says is written into it, once. False: there is nothing left to say. */
  async gather(tx: Queryable, { id, run, channel }: { id: string; run: string; channel: string }, manner: Manner | undefined): Promise<boolean> {
    const rows = await tx.query<{ notice: Notice; known: boolean }>(`WITH gathered AS (${GATHERED}) SELECT * FROM gathered`, [id]);
    const notice = await gather(rows.flatMap(({ notice, known }) => (known ? [] : [notice])), run, (one) => this.count(tx, channel, one, { ...manner, living: false }));
    if (notice) await tx.query('UPDATE deliveries SET notice = $2 WHERE id = $1', [id, JSON.stringify(notice)]);
    return notice !== undefined;
  }
}
