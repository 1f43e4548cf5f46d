import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { cloudEvent, connectorOf, subjects } from '@stellwerk/contracts';
import { Database, OutboxRelay, type OutboxMessage } from '@stellwerk/database';
import { eventMessage } from '@stellwerk/messaging';
import { PermanentError } from '@stellwerk/service-kit';
import { CredentialsRefused, Held, NotReady, NotSent } from '../calls/call.errors.js';
import type { ConnectionCalls } from '../calls/connection-calls.js';
import { ConnectionPool } from '../calls/connection-pool.js';
import { ConnectionWaker } from '../dispatch/wake-connections.js';
import { Loop } from '../loop.js';
import { ConnectorMetrics } from './connector.metrics.js';
import { healthOf, type ConnectionHealth } from './connection-health.js';
import { HealthNotes } from './health-notes.js';

/** Health events go through the outbox like all others. */
@Injectable()
export class HealthOutbox {
  constructor(
    private readonly database: Database,
    private readonly relay: OutboxRelay,
  ) {}

  async tell(message: OutboxMessage): Promise<void> {
    const enqueued = await this.database.transaction((tx) => this.relay.enqueue(tx, [message]));
    await this.relay.publish(enqueued);
  }
}

/** Why there may be no credentials for a while. */
const NOT_THERE = [NotReady, PermanentError, NotSent, CredentialsRefused, Held];
/** Changes are gathered so long before they are told. */
const EVERY_MS = 1_000;

/** Tells each connection's health when the process starts and whenever it changes; lets a paused one go when its credentials have changed. */
@Injectable()
export class HealthReporter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #told = new Map<string, string>();
  readonly #loop = new Loop('health.failed', () => this.#round());

  constructor(
    private readonly pool: ConnectionPool,
    private readonly notes: HealthNotes,
    private readonly waker: ConnectionWaker,
    private readonly outbox: HealthOutbox,
    private readonly metrics: ConnectorMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#loop.stop();
  }

  async #round(): Promise<number> {
    const notes = await this.notes.all(this.pool.connections().map(({ name }) => name));
    for (const { name } of this.pool.connections()) {
      const calls = this.pool.of(name);
      if (!calls) continue;
      if (calls.gates.paused !== undefined) await this.#tryResume(calls);
      await this.#tell(healthOf(calls, notes.get(name) ?? []));
    }
    return EVERY_MS;
  }

  /** A secret that was replaced in its place. */
  async #tryResume({ connection, gates }: ConnectionCalls): Promise<void> {
    const credentials = await this.pool.credentials(connection).catch((error: unknown) => {
      if (NOT_THERE.some((kind) => error instanceof kind)) return undefined; // It is just being replaced, or not taken yet.
      throw error;
    });
    if (!credentials || !gates.isPausedForOthers(credentials)) return;
    gates.resume();
    await this.waker.wake(connection.name);
  }

  async #tell(health: ConnectionHealth): Promise<void> {
    this.metrics.connection(health);
    const text = JSON.stringify(health);
    if (this.#told.get(health.connection) === text) return;
    await this.outbox.tell(eventMessage(subjects.event(health.platform, 'connection.health'), eventOf(health, new Date())));
    this.#told.set(health.connection, text);
  }
}

const eventOf = (health: ConnectionHealth, now: Date) => {
  const id = `${health.connection}:health:${process.pid}:${now.getTime()}`;
  return cloudEvent<ConnectionHealth>({
    id, source: `/services/${connectorOf(health.platform)}`, type: 'connection.health', subject: health.connection,
    time: now, correlationId: id, causationId: id, data: health,
  });
};
