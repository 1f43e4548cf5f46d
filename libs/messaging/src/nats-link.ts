import { Logger } from '@nestjs/common';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { StoreAwayError, Turn, messageOf, sleep } from '@stellwerk/service-kit';
import { isServerTooOld, natsOptions, tooOldText } from './connection.js';
import type { NatsSettings } from './messaging.config.js';

const STILL_WAITING_MS = 5_000;
const DRAIN_MS = 3_000;

/** Ends the process: there is no way on, and the supervisor starts a clean one. */
export type GiveUp = (reason: string) => never;

/**
 * This process's one NATS connection. It is made in the background so that a service can start, and say why it is
 * not ready, while the broker is away.
 */
export class NatsLink {
  readonly #log = new Logger('nats');
  readonly #settings: NatsSettings;
  readonly #giveUp: GiveUp;
  readonly #disconnected = new Set<() => void>();
  readonly #waiting = new Set<() => void>();
  #connection?: NatsConnection;
  #up = false;
  #closing = false;
  #started = false;
  reconnects = 0;
  /** What is sent at its end leaves in one write: for a small message, the write is most of the work. */
  readonly turn = new Turn();

  constructor(settings: NatsSettings, giveUp: GiveUp) {
    this.#settings = settings;
    this.#giveUp = giveUp;
  }

  get up(): boolean {
    return this.#up;
  }

  /** Begins to connect and goes on until it worked. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#connect();
  }

  /** The connection, also while it is interrupted. Throws StoreAwayError before the first connect. */
  get connection(): NatsConnection {
    if (!this.#connection) throw new StoreAwayError(`NATS at ${this.#where} was never reached yet`);
    return this.#connection;
  }

  /** True as soon as the broker is there; false when `ms` have passed or the signal was given. */
  async whenUp(ms: number, signal?: AbortSignal): Promise<boolean> {
    if (this.#up || ms <= 0 || signal?.aborted) return this.#up;
    const waited = new AbortController();
    const wake = (): void => waited.abort();
    this.#waiting.add(wake);
    await sleep(ms, signal ? AbortSignal.any([signal, waited.signal]) : waited.signal);
    this.#waiting.delete(wake);
    return this.#up;
  }

  /** Called each time the connection breaks. Gives the way to stop being called. */
  onDisconnect(listener: () => void): () => void {
    this.#disconnected.add(listener);
    return () => this.#disconnected.delete(listener);
  }

  /** Readiness check. */
  check(): void {
    if (!this.#up) throw new Error(`NATS at ${this.#where} is away`);
  }

  /** Sends what is buffered, then closes; gives up waiting when the broker is away. */
  async close(): Promise<void> {
    this.#closing = true;
    const connection = this.#connection;
    if (!connection || connection.isClosed()) return;
    if (this.#up) await Promise.race([connection.drain().catch((error: unknown) => this.#log.warn({ reason: messageOf(error) }, 'nats.drain-failed')), sleep(DRAIN_MS)]);
    await Promise.race([connection.close(), sleep(DRAIN_MS)]);
  }

  get #where(): string {
    return this.#settings.url.replace(/\/\/[^@/]*@/, '//');
  }

  async #connect(): Promise<void> {
    const reminder = setInterval(() => this.#log.warn({ url: this.#where }, 'nats.awaited'), STILL_WAITING_MS);
    try {
      this.#connection = await this.#connectPatiently();
    } finally {
      clearInterval(reminder);
    }
    if (this.#closing) return void this.#connection.close();
    this.#refuseOldServer(this.#connection);
    this.#log.log({ url: this.#where, server: this.#connection.info?.version }, 'nats.connected');
    void this.#watch(this.#connection);
    void this.#exitWhenClosed(this.#connection);
    this.#nowUp();
  }

  /** `waitOnFirstConnect` covers refused sockets; a wrong password or an address that does not resolve yet still throws. */
  async #connectPatiently(): Promise<NatsConnection> {
    for (;;) {
      try {
        return await connect(natsOptions(this.#settings));
      } catch (error) {
        this.#log.error({ url: this.#where, reason: messageOf(error) }, 'nats.connect-failed');
        await sleep(1_000);
      }
    }
  }

  #refuseOldServer(connection: NatsConnection): void {
    const version = connection.info?.version ?? '0';
    if (isServerTooOld(version)) this.#giveUp(tooOldText(version));
  }

  #nowUp(): void {
    this.#up = true;
    for (const wake of this.#waiting) wake();
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') this.#nowDown();
      if (status.type === 'reconnect') {
        this.reconnects += 1;
        this.#log.log({ url: this.#where }, 'nats.reconnected');
        this.#nowUp();
      }
      if (status.type === 'error') this.#log.error({ reason: messageOf(status.error) }, 'nats.failed');
    }
  }

  #nowDown(): void {
    if (!this.#closing) this.#log.warn({ url: this.#where }, 'nats.disconnected');
    this.#up = false;
    for (const listener of this.#disconnected) listener();
  }

  async #exitWhenClosed(connection: NatsConnection): Promise<void> {
    const reason = await connection.closed();
    this.#up = false;
    if (!this.#closing) this.#giveUp(`the NATS connection was closed for good${reason ? `: ${messageOf(reason)}` : ''}`);
  }
}
