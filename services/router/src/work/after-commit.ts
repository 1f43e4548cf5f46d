import { Injectable } from '@nestjs/common';
import { Outbox } from '../outbox/outbox.module.js';
import { RouterMetrics } from '../router.metrics.js';
import type { Stored } from './store-work.js';

/** What a committed transaction leaves to do at once: count, and publish what it enqueued. */
@Injectable()
export class AfterCommit {
  constructor(
    private readonly outbox: Outbox,
    private readonly metrics: RouterMetrics,
  ) {}

  /** Throws what the publish threw; then the sweep of the outbox goes on. */
  async run({ enqueued, counts }: Pick<Stored, 'enqueued' | 'counts'>): Promise<void> {
    for (const labels of counts.runs) this.metrics.runs.inc(labels);
    for (const labels of counts.commands) this.metrics.commands.inc(labels);
    if (counts.held > 0) this.metrics.held.inc(counts.held);
    await this.outbox.publish(enqueued);
  }
}
