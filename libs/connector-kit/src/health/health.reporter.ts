import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { cloudEvent, subjects } from '@stellwerk/contracts';
import { Database, OutboxRelay, enqueue } from '@stellwerk/database';
import { eventMessage } from '@stellwerk/messaging';
import { messageOf, sleep } from '@stellwerk/service-kit';
import { ConnectionPool } from '../calls/connection-pool.js';
import { CarrierRepository } from '../dispatch/carrier.repository.js';
import { ConnectorMetrics } from './connector.metrics.js';
import { healthOf, type ConnectionHealth } from './connection-health.js';

/** Changes are gathered so long before they are told. */
const EVERY_MS = 1_000;

/** Tells each connection's health when the process starts and whenever it changes. */
@Injectable()
export class HealthReporter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger(HealthReporter.name);
  readonly #told = new Map<string, string>();
  readonly #stop = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: ConnectionPool,
    private readonly carriers: CarrierRepository,
    private readonly database: Database,
    private readonly relay: OutboxRelay,
    private readonly metrics: ConnectorMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop = this.#run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#round().catch((error: unknown) => this.#log.warn({ reason: messageOf(error) }, 'health.failed'));
      await sleep(EVERY_MS, this.#stop.signal);
    }
  }

  async #round(): Promise<void> {
    const notes = await this.carriers.notes();
    for (const { name } of this.pool.connections()) {
      const calls = this.pool.of(name);
      if (calls) await this.#tell(healthOf(calls, notes.filter(({ connection }) => connection === name)));
    }
  }

  async #tell(health: ConnectionHealth): Promise<void> {
    this.metrics.connection(health);
    const text = JSON.stringify(health);
    if (this.#told.get(health.connection) === text) return;
    await this.database.transaction(async (tx) => enqueue(tx, [eventMessage(subjects.event(health.platform, 'connection.health'), eventOf(health, new Date()))]));
    this.#told.set(health.connection, text);
    await this.relay.flush();
  }
}

const eventOf = (health: ConnectionHealth, now: Date) => {
  const id = `${health.connection}:health:${process.pid}:${now.getTime()}`;
  return cloudEvent<ConnectionHealth>({
    id, source: `/services/${health.platform}-connector`, type: 'connection.health', subject: health.connection,
    time: now, correlationId: id, causationId: id, data: health,
  });
};
