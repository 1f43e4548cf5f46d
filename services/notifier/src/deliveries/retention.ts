import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { messageOf } from '@stellwerk/service-kit';
import { DeliveriesRepository, KEPT } from './deliveries.repository.js';

const EVERY_MS = 3_600_000;
/** They keep a transition from being told twice, so they outlive every replay. */
const DAYS = 90;
const BATCH = 2_000;

/** Once an hour, what was said long ago goes. */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(Retention.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly deliveries: DeliveriesRepository) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.run(), EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  async run(): Promise<void> {
    try {
      for (const table of KEPT) while ((await this.deliveries.deleteOld(table, DAYS, BATCH)) === BATCH);
    } catch (error) {
      this.log.warn({ reason: messageOf(error) }, 'retention.failed');
    }
  }
}
