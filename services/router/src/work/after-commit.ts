import { Injectable } from '@nestjs/common';
import { Outbox } from '../outbox/outbox.module.js';
import { RouterMetrics } from '../router.metrics.js';
import { SlotNews } from '../slots/slot-news.js';
import type { Stored } from './store-work.js';

/** What a committed transaction leaves to do at once: count, let others have their turn, and publish what it enqueued. */
@Injectable()
export class AfterCommit {
  constructor(
    private readonly outbox: Outbox,
    private readonly metrics: RouterMetrics,
    private readonly slots: SlotNews,
  ) {}

  /** Throws what the publish threw; then the sweep of the outbox goes on. */
  async run({ enqueued, counts, slots }: Pick<Stored, 'enqueued' | 'counts' | 'slots'>): Promise<void> {
    for (const labels of counts.runs) this.metrics.runs.inc(labels);
    for (const labels of counts.commands) this.metrics.commands.inc(labels);
    if (counts.held > 0) this.metrics.held.inc(counts.held);
    this.slots.tell(slots);
    await this.outbox.publish(enqueued);
  }
}
