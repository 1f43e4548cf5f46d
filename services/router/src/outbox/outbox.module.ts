import { Injectable, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database, OutboxRelay } from '@stellwerk/database';
import { Publisher } from '@stellwerk/messaging';

/** Publishes what transactions left in the outbox. */
@Injectable()
export class Outbox implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #relay: OutboxRelay;

  constructor(database: Database, publisher: Publisher) {
    this.#relay = new OutboxRelay(database, (message) => publisher.publish(message));
  }

  onApplicationBootstrap(): void {
    this.#relay.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#relay.stop();
  }

  /** Publishes now; call it right after a commit. */
  flush(): Promise<void> {
    return this.#relay.flush();
  }
}

@Module({ providers: [Outbox], exports: [Outbox] })
export class OutboxModule {}
