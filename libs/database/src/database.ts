import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { StoreAwayError, messageOf, sleep } from '@stellwerk/service-kit';
import type { DataSource, QueryRunner } from 'typeorm';
import { isAway, isConflict, translated } from './database-failure.js';
import { shownUrl, type DatabaseSettings } from './database.config.js';
import type { DatabaseMetrics } from './database.metrics.js';
import { dataSource } from './data-source.js';
import type { MigrationClass } from './migration.js';
import type { Queryable } from './queryable.js';
import { discard, inTransaction, rowsOf } from './runner.js';
import { missingMigrations } from './schema-check.js';

const CONFLICT_RETRIES = 3;
const FIRST_CONNECT_MS = 10_000;
const AGAIN_MS = 1_000;
const STILL_WAITING_MS = 5_000;
const CLOSE_MS = 3_000;

/**
 * This service's schema. Connects in the background, so that a service can start, and say why it is not ready, while
 * the database is away. Errors of a database that is away come as StoreAwayError.
 */
export class Database implements Queryable {
  readonly #log = new Logger('database');
  readonly #source: DataSource;
  readonly #stopping = new AbortController();
  #usable?: Promise<void>;
  #why = 'not connected yet';
  #ready = false;

  constructor(
    private readonly settings: DatabaseSettings,
    private readonly migrations: readonly MigrationClass[],
    readonly metrics: DatabaseMetrics,
  ) {
    this.#source = dataSource(settings);
  }

  /** Begins to connect and goes on until the database is there with a schema that is new enough. */
  start(): void {
    this.#usable ??= this.#becomeUsable();
  }

  async query<Row = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.#withRunner((runner) => rowsOf<Row>(runner, sql, parameters));
  }

  /**
   * Runs `work` in one READ COMMITTED transaction; done again up to three times when it lost against another one, so
   * `work` must touch nothing but `tx`. Throws what `work` throws, after a rollback.
   */
  async transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#withRunner((runner) => inTransaction(runner, work), { raw: true });
      } catch (error) {
        if (!isConflict(error) || attempt > CONFLICT_RETRIES) throw translated(error);
        this.metrics.transactionRetries.inc();
        await delay(Math.random() * 20 * attempt);
      }
    }
  }

  /** Readiness check: a round trip, on a schema that is new enough. */
  async check(): Promise<void> {
    if (!this.#ready) throw new Error(this.#why);
    await this.query('SELECT 1');
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    if (!this.#source.isInitialized) return;
    await Promise.race([this.#source.destroy(), sleep(CLOSE_MS)]);
  }

  async #withRunner<T>(work: (runner: QueryRunner) => Promise<T>, { raw = false } = {}): Promise<T> {
    await this.#whenUsable();
    const runner = this.#source.createQueryRunner();
    try {
      const since = performance.now();
      await runner.connect();
      this.metrics.poolWait.observe((performance.now() - since) / 1_000);
      return await work(runner);
    } catch (error) {
      // TypeORM releases a runner whose connection broke; what it says of later statements is only that.
      if (runner.isReleased) throw new StoreAwayError('the database went away in the middle', { cause: error });
      if (isAway(error)) await discard(runner, error as Error);
      throw raw ? error : translated(error);
    } finally {
      await runner.release();
    }
  }

  /** Waits for the first connection only; later outages show at once. */
  async #whenUsable(): Promise<void> {
    if (this.#ready) return;
    this.start();
    const patience = new AbortController();
    await Promise.race([this.#usable, sleep(FIRST_CONNECT_MS, patience.signal)]);
    patience.abort();
    if (!this.#ready) throw new StoreAwayError(`the database cannot be used: ${this.#why}`);
  }

  async #becomeUsable(): Promise<void> {
    const reminder = setInterval(() => this.#log.warn({ url: this.#where, reason: this.#why }, 'database.awaited'), STILL_WAITING_MS);
    while (!this.#stopping.signal.aborted && !this.#ready) {
      try {
        if (!this.#source.isInitialized) await this.#source.initialize();
        await this.#refuseOldSchema();
        this.#ready = true;
        this.#log.log({ url: this.#where, schema: this.settings.schema }, 'database.connected');
      } catch (error) {
        this.#why = messageOf(error);
        await sleep(AGAIN_MS, this.#stopping.signal);
      }
    }
    clearInterval(reminder);
  }

  async #refuseOldSchema(): Promise<void> {
    const missing = await missingMigrations(this.#source, this.settings.schema, this.migrations);
    if (missing.length > 0) throw new Error(`schema ${this.settings.schema} is older than this service: ${missing.join(', ')} not run yet (run the migrations)`);
  }

  get #where(): string {
    return shownUrl(this.settings.url.reveal());
  }
}
