import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { StoreAwayError, messageOf, sleep } from '@stellwerk/service-kit';
import type { Pool, PoolClient } from 'pg';
import { isAway, isConflict, isStalePlan, translated } from './database-failure.js';
import { shownUrl, type DatabaseSettings } from './database.config.js';
import type { DatabaseMetrics } from './database.metrics.js';
import type { MigrationClass } from './migration.js';
import { connectionPool } from './pool.js';
import type { Queryable } from './queryable.js';
import { inTransaction, rowsOf } from './runner.js';
import { missingMigrations } from './schema-check.js';

const CONFLICT_RETRIES = 3;
const FIRST_CONNECT_MS = 10_000;
const AGAIN_MS = 1_000;
const STILL_WAITING_MS = 5_000;
const CLOSE_MS = 3_000;

/** A connection that breaks says so to the statements that wait for it; unheard, its event would end the process. */
const heardElsewhere = (): void => undefined;

/**
 * This service's schema. Connects in the background, so that a service can start, and say why it is not ready, while
 * the database is away. Errors of a database that is away come as StoreAwayError.
 */
export class Database implements Queryable {
  readonly #log = new Logger('database');
  readonly #pool: Pool;
  readonly #stopping = new AbortController();
  #usable?: Promise<void>;
  #why = 'not connected yet';
  #ready = false;
  #outdated?: string;

  constructor(
    private readonly settings: DatabaseSettings,
    private readonly migrations: readonly MigrationClass[],
    readonly metrics: DatabaseMetrics,
  ) {
    this.#pool = connectionPool(settings);
  }

  /** Begins to connect and goes on until the database is there with a schema that is new enough. */
  start(): void {
    this.#usable ??= this.#becomeUsable();
  }

  async query<Row = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.#withClient((client) => rowsOf<Row>(client, sql, parameters));
  }

  /**
   * Runs `work` in one READ COMMITTED transaction; done again up to three times when it lost against another one, so
   * `work` must touch nothing but `tx`. Throws what `work` throws, after a rollback.
   */
  async transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#withClient((client) => inTransaction(client, work), { raw: true });
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

  /** Readiness check: whatever else may stand in for a database that is away, nothing does for one that was not migrated. */
  checkSchema(): void {
    if (this.#outdated) throw new Error(this.#outdated);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.race([this.#pool.end(), sleep(CLOSE_MS)]);
  }

  async #withClient<T>(work: (client: PoolClient) => Promise<T>, { raw = false } = {}): Promise<T> {
    await this.#whenUsable();
    let client: PoolClient | undefined;
    let broken: Error | undefined;
    try {
      client = await this.#connect();
      return await work(client);
    } catch (error) {
      if (isAway(error) || isStalePlan(error)) broken = error as Error;
      throw raw ? error : translated(error);
    } finally {
      client?.off('error', heardElsewhere);
      // A connection that answers nothing, or not what is asked any more, must not go back to the pool.
      client?.release(broken);
    }
  }

  async #connect(): Promise<PoolClient> {
    const since = performance.now();
    const client = await this.#pool.connect();
    client.on('error', heardElsewhere);
    this.metrics.poolWait.observe((performance.now() - since) / 1_000);
    return client;
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
    const missing = await missingMigrations(this.#pool, this.settings.schema, this.migrations);
    this.#outdated = missing.length === 0
      ? undefined : `schema ${this.settings.schema} is older than this service: ${missing.join(', ')} not run yet (run the migrations)`;
    this.checkSchema();
  }

  get #where(): string {
    return shownUrl(this.settings.url.reveal());
  }
}
