import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { PermanentError, backoff, messageOf, sleep, type TraceHeaders } from '@stellwerk/service-kit';
import type { Database } from './database.js';
import type { OutboxMessage } from './outbox.js';
import { OutboxRepository, type OutboxRow } from './outbox.repository.js';

export interface OutboxRelayOptions {
  /** How often rows left behind are looked for, in ms. */
  sweepMs?: number;
  /** Rows taken at once. */
  batch?: number;
}

export type PublishOutbox = (message: OutboxMessage & { trace?: TraceHeaders }) => Promise<unknown>;

/** A dead relay's rows wait this long. A batch stops early enough that one more publish of 4 s still fits in. */
const LEASE_MS = 10_000;
const BATCH_MS = 5_000;
const DEPTH_EVERY = 10;

/**
 * Publishes what transactions left in the outbox: right after the commit by `flush()`, and by a sweep for what a
 * crash or an outage left over. Rows go in order within a key and are deleted only after the broker has confirmed.
 */
export class OutboxRelay {
  readonly #log = new Logger('outbox');
  readonly #repository: OutboxRepository;
  readonly #stopping = new AbortController();
  readonly #options: Required<OutboxRelayOptions>;
  #running?: Promise<void>;
  #next?: Promise<void>;
  #sweeping?: Promise<void>;

  constructor(
    private readonly database: Database,
    private readonly publish: PublishOutbox,
    options: OutboxRelayOptions = {},
  ) {
    this.#repository = new OutboxRepository(database, randomUUID());
    this.#options = { sweepMs: 1_000, batch: 100, ...options };
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
      await this.#publishAll(rows);
    }
  }

  /** Keys are independent of each other; within one, a row that fails holds back those behind it. */
  async #publishAll(rows: readonly OutboxRow[]): Promise<void> {
    const until = Date.now() + BATCH_MS;
    const results = await Promise.allSettled([...Map.groupBy(rows, ({ key }) => key).values()].map((chain) => this.#publishChain(chain, until)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #publishChain(chain: readonly OutboxRow[], until: number): Promise<void> {
    const done: string[] = [];
    try {
      for (const row of chain) {
        if (Date.now() > until) break;
        if (await this.#publishRow(row)) done.push(row.row);
      }
    } finally {
      await this.#repository.published(done);
      await this.#repository.release(chain.map(({ row }) => row).filter((row) => !done.includes(row)));
    }
  }

  async #publishRow({ row, id, subject, body, headers, trace }: OutboxRow): Promise<boolean> {
    try {
      await this.publish({ id, subject, body, headers, trace });
      return true;
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      this.#log.error({ messageId: id, subject, reason: error.message }, 'outbox.refused');
      await this.#repository.refused(row, error.message);
      return false;
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
      await sleep(this.#options.sweepMs + backoff({ attempt: failures, baseMs: failures * 500, factor: 2, maxMs: 5_000 }), this.#stopping.signal);
    }
  }

  async #measure(): Promise<void> {
    const { rows, oldestSeconds } = await this.#repository.depth();
    this.database.metrics.outboxDepth.set(rows);
    this.database.metrics.outboxOldest.set(oldestSeconds);
  }
}
