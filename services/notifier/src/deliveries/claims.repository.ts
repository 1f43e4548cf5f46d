import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
import type { TraceHeaders } from '@stellwerk/service-kit';
import type { Living } from '../channels/index.js';
import type { Notice } from '../plan/notice.js';
import { UNCOUNTED, type Fate, type Manner } from '../plan/repeats.js';
import { placeOf, type Sibling } from './place.js';
import { QuietRepository } from './quiet.repository.js';
import { ThreadsRepository } from './threads.repository.js';

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

export type Claim =
  | { place: 'send'; delivery: ClaimedDelivery }
  | { place: 'wait' | 'superseded' | 'counted'; delivery: { id: string; run: string; channel: string } };

/** What the channels can, by their names. */
export interface Abilities {
  /** A message may be sent again though it may have arrived. */
  repeatable: readonly string[];
  /** Messages can be edited. */
  living: readonly string[];
  /** How channels are spared. */
  manners: Readonly<Record<string, Manner | undefined>>;
}

/** At least four times what a call may take. */
export const LEASE_SECONDS = 60;

// One that failed before does not hold up those behind it. The lock: whoever looks at what else is said of the run on
// this channel does so alone.
const DUE = `
  SELECT id, run, channel, version, lane, notice, follows, judged, transition, attempts, pg_advisory_xact_lock(hashtextextended(run || ' ' || channel, 0)) FROM (
    SELECT due.id, due.run, due.channel, due.version, due.lane, due.notice, due.follows, due.judged, due.transition, due.attempts FROM deliveries due
    WHERE due.state = 'pending' AND due.next_attempt_at <= now()
      AND NOT EXISTS (SELECT FROM channel_gates gate WHERE gate.channel = due.channel AND gate.not_before > now())
      AND NOT EXISTS (SELECT FROM deliveries before WHERE before.run = due.run AND before.channel = due.channel AND before.lane = due.lane AND before.version < due.version
        AND (before.state = 'sending' OR (before.state = 'pending' AND before.attempts = 0)))
    ORDER BY due.next_attempt_at, due.seq LIMIT 1 FOR UPDATE OF due SKIP LOCKED) AS due`;

const SIBLINGS = 'SELECT version, state, attempts FROM deliveries WHERE run = $1 AND channel = $2 AND lane = $3 AND id <> $4';

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

interface Due {
  id: string;
  run: string;
  channel: string;
  version: number;
  lane: 'message' | 'thread';
  notice: Notice;
  follows: string | null;
  judged: boolean;
  transition: string;
  attempts: number;
}

type Ready = { place: 'send'; living?: Living } | { place: 'wait' | 'counted' } | { place: 'superseded'; why: string };

/** Hands out what is due, each to one process. */
@Injectable()
export class ClaimsRepository {
  constructor(
    private readonly database: Database,
    private readonly threads: ThreadsRepository,
    private readonly quiet: QuietRepository,
  ) {}

  /** What is to be sent now, its intent written with it; or what people shall no longer hear. */
  async claim(abilities: Abilities): Promise<Claim | undefined> {
    return this.database.transaction(async (tx) => {
      const [due] = await tx.query<Due>(DUE);
      if (!due) return undefined;
      const ready = await this.ready(tx, due, abilities);
      if (ready.place === 'wait') await tx.query(PUT_OFF, [due.id]);
      if (ready.place === 'superseded') await tx.query(SUPERSEDE, [due.id, ready.why]);
      if (ready.place !== 'send') return { place: ready.place, delivery: due };
      const [delivery] = await tx.query<ClaimedDelivery>(BEGIN_SENDING, [due.id, due.lane === 'message' && ready.living !== undefined]);
      return { place: 'send', delivery: { ...delivery!, ...(ready.living && { living: ready.living }) } };
    });
  }

  /** Settles what killed processes left; `repeatable`: channels to which it may be sent again. */
  async release(repeatable: readonly string[]): Promise<{ id: string; run: string; channel: string; state: string }[]> {
    return this.database.query(`WITH released AS (${EXPIRED}) SELECT * FROM released`, [repeatable]);
  }

  private async ready(tx: Queryable, due: Due, { repeatable, living, manners }: Abilities): Promise<Ready> {
    const siblings = await tx.query<Sibling>(SIBLINGS, [due.run, due.channel, due.lane, due.id]);
    const place = placeOf({ version: due.version, repeatable: repeatable.includes(due.channel) }, siblings);
    if (place === 'superseded') return { place, why: 'what came after it has been said' };
    if (place === 'wait') return { place };
    const manner = manners[due.channel];
    if (due.transition === 'digest') {
      const isTold = due.attempts > 0 || (await this.quiet.gather(tx, due, manner));
      return isTold ? { place } : { place: 'superseded', why: 'what was gathered in it has been said otherwise' };
    }
    const { counted, follows } = await this.judge(tx, due, manner);
    if (counted) return { place: 'counted' };
    return living.includes(due.channel) ? this.shown(tx, { ...due, follows: follows ?? null }) : { place };
  }

  /** Of a message that is tried for the first time: whether it is one too many. */
  private async judge(tx: Queryable, { id, channel, notice, lane, judged, follows }: Due, manner: Manner | undefined): Promise<Pick<Fate, 'counted' | 'follows'>> {
    if (judged || lane === 'thread') return { ...UNCOUNTED, ...(follows !== null && { follows }) };
    const fate = await this.quiet.count(tx, channel, notice, manner);
    if (fate !== UNCOUNTED) await tx.query(JUDGE, [id, fate.repeats, fate.silent, fate.follows ?? null, fate.counted]);
    return fate;
  }

  /** Which message of a channel that edits is meant. */
  private async shown(tx: Queryable, due: Due): Promise<Ready> {
    const found = await this.threads.find(tx, due);
    if (found === 'wait') return { place: 'wait' };
    if (due.lane === 'thread' && !found) return { place: 'superseded', why: 'the message is gone that it would have stood below' };
    return { place: 'send', living: found };
  }
}
