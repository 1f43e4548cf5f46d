import { Injectable } from '@nestjs/common';
import { shortType, type CloudEvent } from '@stellwerk/contracts';
import { Metrics } from '@stellwerk/service-kit';
import type { StatusMessage } from './status-messages.js';

const LAG_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** How far behind the read model is, and what was told. */
@Injectable()
export class RecordMetrics {
  private readonly lag;
  private readonly transitions;

  constructor(metrics: Metrics) {
    this.lag = metrics.histogram('stellwerk_status_event_lag_seconds', 'Time from an event to its place in the read model', [], LAG_BUCKETS);
    this.transitions = metrics.counter('stellwerk_status_messages_total', 'Status messages told, by what they speak of', ['type']);
  }

  recorded(event: CloudEvent): void {
    const lag = (Date.now() - Date.parse(event.time)) / 1_000;
    if (Number.isFinite(lag)) this.lag.observe(Math.max(0, lag));
  }

  told(messages: readonly StatusMessage[]): void {
    for (const message of messages) this.transitions.inc({ type: shortType(message.event.type) });
  }
}
