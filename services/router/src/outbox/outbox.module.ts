import { Injectable, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database, OutboxRelay, type Enqueued, type OutboxMessage, type Queryable } from '@stellwerk/database';
import { Publisher } from '@stellwerk/messaging';
import { neverSent } from './never-sent.js';

/** Publishes what transactions put into the outbox. */
@Injectable()
export class Outbox implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #relay: OutboxRelay;

  constructor(database: Database, publisher: Publisher) {
    this.#relay = new OutboxRelay(database, (message) => publisher.publish(message), { substitute: neverSent });
  }

  onApplicationBootstrap(): void {
    this.#relay.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#relay.stop();
  }

  enqueue(tx: Queryable, messages: readonly OutboxMessage[]): Promise<Enqueued> {
    return this.#relay.enqueue(tx, messages);
  }

  /** Publishes what a transaction enqueued; call it right after its commit. */
  publish(enqueued: Enqueued): Promise<void> {
    return this.#relay.publish(enqueued);
  }

  /** Publishes what is left over. */
  flush(): Promise<void> {
    return this.#relay.flush();
  }
}

@Module({ providers: [Outbox], exports: [Outbox] })
export class OutboxModule {}
