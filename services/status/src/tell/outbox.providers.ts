import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { Database, OutboxRelay } from '@stellwerk/database';
import { Publisher } from '@stellwerk/messaging';

export const outboxProvider: Provider = {
  provide: OutboxRelay,
  inject: [Database, Publisher],
  useFactory: (database: Database, publisher: Publisher) => new OutboxRelay(database, (message) => publisher.publish(message)),
};

/** Sends what a killed process left in the outbox. */
@Injectable()
export class OutboxSweep implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly outbox: OutboxRelay) {}

  onApplicationBootstrap(): void {
    this.outbox.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.outbox.stop();
  }
}
