import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { backoff, messageOf, sleep } from '@stellwerk/service-kit';
import type { Database } from './database.js';
import { put, type OutboxMessage, type OutboxRow } from './outbox.js';
import { OutboxRepository } from './outbox.repository.js';
import type { Queryable } from './queryable.js';
import { LEASE_MS, RowPublisher, type PublishOutbox, type Substitute } from './row-publisher.js';

export interface OutboxRelayOptions {
  /** How often rows left behind are looked for, in ms. */
  sweepMs?: number;
  /** Rows taken at once. */
  batch?: number;
  /** What is told, through the outbox too, in place of a message that no broker takes; default nothing. */
  substitute?: Substitute;
}

/** What one transaction put into the outbox, for `publish` after its commit. */
export interface Enqueued {
  /** Held in memory as well, leased to this relay. */
  readonly rows: readonly OutboxRow[];
  /** True: some wait behind earlier ones of their key that another relay has. */
  readonly behind: boolean;
}

const DEPTH_EVERY = 10;
const SOON_MS = 50;

/**
 * Publishes what transactions put into the outbox: from memory right after the commit (`enqueue`, then `publish`), and
 * by a sweep what a crash or an outage left over. Rows go in order within a key, over all replicas, and are deleted
 * only after the broker has confirmed.
 */
export class OutboxRelay {
  readonly #log = new Logger('outbox');
  readonly #owner = randomUUID();
  readonly #repository: OutboxRepository;
  readonly #publisher: RowPublisher;
  readonly #stopping = new AbortController();
  readonly #options: Required<OutboxRelayOptions>;
  #pause = new AbortController();
  #running?: Promise<void>;
  #next?: Promise<void>;
  #sweeping?: Promise<void>;

  constructor(
    private readonly database: Database,
    publish: PublishOutbox,
    options: OutboxRelayOptions = {},
  ) {
    this.#options = { sweepMs: 1_000, batch: 100, substitute: () => [], ...options };
    this.#repository = new OutboxRepository(database, this.#owner);
    this.#publisher = new RowPublisher(this.#repository, publish, this.#options.substitute);
  }

  /**
   * Puts messages into the outbox, in the transaction that decided them. Give what this gives to `publish` once that
   * transaction is committed; when the process dies in between, another relay publishes them after the lease.
   */
  async enqueue(tx: Queryable, messages: readonly OutboxMessage[]): Promise<Enqueued> {
    const rows = await put(tx, messages, { owner: this.#owner, ms: LEASE_MS });
    return { rows, behind: rows.length < messages.length };
  }

  /**
   * Resolves when what was enqueued is published, or waits behind another relay's. Throws what the publish threw; the
   * rows stay and the sweep takes them up.
   */
  async publish({ rows, behind }: Enqueued): Promise<void> {
    if (rows.length > 0) await this.#publisher.run(rows);
    if (!behind) return;
    await this.flush();
    setTimeout(() => this.#pause.abort(), SOON_MS).unref();
  }

  /**
   * Resolves when everything committed before the call is published, or leased by another relay. Throws what the
   * publish threw; the rows stay and the sweep takes them up.
   */
  flush(): Promise<void> {
    if (!this.#running) return this.#begin();
    // The running drain may have looked before the caller's commit: one more follows it, shared by all who wait.
    this.#next ??= this.#running.then(() => undefined, () => undefined).then(() => {
      this.#next = undefined;
      return this.#begin();
    });
    return this.#next;
  }

  start(): void {
    this.#sweeping ??= this.#sweep();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#pause.abort();
    await this.#sweeping;
    await this.#running?.catch((error: unknown) => this.#log.warn({ reason: messageOf(error) }, 'outbox.left-over'));
  }

  #begin(): Promise<void> {
    this.#running = this.#drain().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #drain(): Promise<void> {
    for (;;) {
      const rows = await this.#repository.claim(this.#options.batch, LEASE_MS);
      if (rows.length === 0) return;
      await this.#publisher.resume(rows);
    }
  }

  async #sweep(): Promise<void> {
    let failures = 0;
    for (let round = 0; !this.#stopping.signal.aborted; round += 1) {
      try {
        await this.flush();
        if (round % DEPTH_EVERY === 0) await this.#measure();
        failures = 0;
      } catch (error) {
        failures += 1;
        this.#log.warn({ failures, reason: messageOf(error) }, 'outbox.sweep-failed');
      }
      const pauseMs = this.#options.sweepMs + backoff({ attempt: failures, baseMs: failures * 500, factor: 2, maxMs: 5_000 });
      await this.#rest(pauseMs);
    }
  }

  async #rest(ms: number): Promise<void> {
    this.#pause = new AbortController();
    if (!this.#stopping.signal.aborted) await sleep(ms, this.#pause.signal);
  }

  async #measure(): Promise<void> {
    const { rows, oldestSeconds, refused } = await this.#repository.depth();
    this.database.metrics.outboxDepth.set(rows);
    this.database.metrics.outboxOldest.set(oldestSeconds);
    this.database.metrics.outboxRefused.set(refused);
  }
}
