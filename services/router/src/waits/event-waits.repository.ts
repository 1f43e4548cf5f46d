import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
import type { AwaitedEvent } from '@stellwerk/flows';
import { LRUCache } from 'lru-cache';
import { digestOf, digestOfTemplate, type KeyTemplate } from './awaited-digest.js';

/** A run that waits for what has this digest. */
export interface Waiting {
  digest: string;
  run: string;
}

export interface NewWait extends AwaitedEvent {
  run: string;
}

const KEPT_MS = 15_000;

/** The key is read by people only. */
const MOST_OF_A_KEY = 200;

/** Which runs wait for which events. Whoever starts to wait, and whoever brings an event, holds the lock of its digest, taken before any run is. */
@Injectable()
export class EventWaitsRepository {
  // Not for ever: a database that lost its last commits in a failover would else have runs wait for what nobody looks up.
  readonly #kept = new LRUCache<string, true>({ max: 20_000, ttl: KEPT_MS });

  constructor(private readonly database: Database) {}

  /** Before the transaction in which runs begin to wait: whoever brings an event after that knows what its key is made by. */
  async keepTemplates(templates: readonly KeyTemplate[]): Promise<void> {
    const missing = new Map(templates.map((one) => [digestOfTemplate(one), one] as const).filter(([digest]) => !this.#kept.has(digest)));
    if (missing.size === 0) return;
    await this.want(this.database, [...missing.values()]);
    for (const digest of missing.keys()) this.#kept.set(digest, true);
  }

  /** Lets templates stay for as long as runs that wait by them may be there; to the day, so that it seldom writes. */
  async want(db: Queryable, templates: readonly KeyTemplate[]): Promise<void> {
    if (templates.length === 0) return;
    // In one order, as all who want the same ones lock them.
    const sorted = [...new Map(templates.map((one) => [digestOfTemplate(one), one]))].sort(([a], [b]) => (a < b ? -1 : 1));
    await db.query(
      `INSERT INTO awaited_keys (digest, type, template) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
       ON CONFLICT (digest) DO UPDATE SET wanted_at = now() WHERE awaited_keys.wanted_at < now() - interval '1 day'`,
      [sorted.map(([digest]) => digest), sorted.map(([, { type }]) => type), sorted.map(([, { template }]) => template)],
    );
  }

  async templates(tx: Queryable): Promise<KeyTemplate[]> {
    return tx.query('SELECT type, template FROM awaited_keys');
  }

  /** Who waits; all digests are locked, in one order, until the transaction ends. */
  async lock(tx: Queryable, digests: readonly string[]): Promise<Waiting[]> {
    const sorted = [...new Set(digests)].sort();
    if (sorted.length === 0) return [];
    // What is read has to be what was there when the locks were got: two statements.
    const [, rows] = await Promise.all([
      tx.query("SELECT pg_advisory_xact_lock(hashtextextended('event-wait:' || digest, 0)) FROM unnest($1::text[]) AS locked(digest)", [sorted]),
      tx.query<Waiting>('SELECT DISTINCT digest, run FROM event_waits WHERE digest = ANY($1) ORDER BY run', [sorted]),
    ]);
    return rows;
  }

  async add(tx: Queryable, waits: readonly NewWait[]): Promise<void> {
    if (waits.length === 0) return;
    await tx.query(
      `INSERT INTO event_waits (digest, run, step, type, key)
       SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING`,
      [waits.map(digestOf), waits.map(({ run }) => run), waits.map(({ step }) => step), waits.map(({ type }) => type), waits.map(({ key }) => key.slice(0, MOST_OF_A_KEY).toWellFormed())],
    );
  }

  async drop(tx: Queryable, runs: readonly string[]): Promise<void> {
    if (runs.length > 0) await tx.query('DELETE FROM event_waits WHERE run = ANY($1::uuid[])', [runs]);
  }
}
