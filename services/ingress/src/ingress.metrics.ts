import { Injectable } from '@nestjs/common';
import { Metrics } from '@stellwerk/service-kit';

/** What of ingress is counted. Connections are few and known; whatever a sender may choose is no label. */
@Injectable()
export class IngressMetrics {
  readonly hooks;
  readonly hookSeconds;
  readonly limitedSenders;
  readonly suspiciousRepeats;
  readonly events;
  readonly ignored;
  readonly spooled;
  readonly spoolRows;
  readonly spoolAge;

  constructor(metrics: Metrics) {
    this.hooks = metrics.counter('stellwerk_ingress_hooks_total', 'Hooks by connection and answer', ['connection', 'answer']);
    this.hookSeconds = metrics.histogram('stellwerk_ingress_hook_seconds', 'From the whole body to the answer', ['answer']);
    this.limitedSenders = metrics.counter('stellwerk_ingress_limited_senders_total', 'Times an address went over what is allowed without a signature that fits');
    this.suspiciousRepeats = metrics.counter('stellwerk_ingress_suspicious_repeats_total', 'Signed words that came again under another delivery id', ['connection']);
    this.events = metrics.counter('stellwerk_ingress_events_total', 'Events made of hooks', ['platform', 'type']);
    this.ignored = metrics.counter('stellwerk_ingress_ignored_total', 'Hooks that tell no event, by reason', ['platform', 'reason']);
    this.spooled = metrics.counter('stellwerk_ingress_spooled_total', 'Hooks that went to Postgres as NATS was away');
    this.spoolRows = metrics.gauge('stellwerk_ingress_spool_rows', 'Hooks that wait in Postgres for NATS');
    this.spoolAge = metrics.gauge('stellwerk_ingress_spool_age_seconds', 'Age of the oldest hook that waits');
  }
}
