import { Inject, Injectable } from '@nestjs/common';
import { Metrics, SERVICE_NAME, metricPrefix } from '@stellwerk/service-kit';

/** What is watched of messages coming and going; `consumer` is the only label, ids never are. */
@Injectable()
export class MessagingMetrics {
  readonly published;
  readonly publishRetries;
  readonly publishDuplicates;
  readonly deliveries;
  readonly redeliveries;
  readonly deadLetters;
  readonly ackFailures;
  readonly held;
  readonly handleSeconds;
  readonly pullFailures;
  readonly pending;
  readonly ackPending;
  readonly redelivered;
  readonly oldestUnacked;
  readonly oldestUnackedRatio;
  readonly loopAlive;
  readonly missedHeartbeats;
  readonly deliveriesPerMessage;
  readonly reconnects;

  constructor(@Inject(SERVICE_NAME) service: string, metrics: Metrics) {
    const name = (rest: string): string => `${metricPrefix(service)}_${rest}`;
    this.published = metrics.counter(name('published_total'), 'Messages a stream has stored for us');
    this.publishRetries = metrics.counter(name('publish_retries_total'), 'Publishes that were tried again');
    this.publishDuplicates = metrics.counter(name('publish_duplicates_total'), 'Publishes the stream had already');
    this.deliveries = metrics.counter(name('deliveries_total'), 'Messages delivered, by how they were settled', ['consumer', 'outcome']);
    this.redeliveries = metrics.counter(name('redeliveries_total'), 'Deliveries that were not the first of their message', ['consumer']);
    this.deadLetters = metrics.counter(name('dead_letters_total'), 'Messages given up and kept aside', ['consumer']);
    this.ackFailures = metrics.counter(name('ack_failures_total'), 'Settles the broker did not confirm', ['consumer']);
    this.held = metrics.gauge(name('held_messages'), 'Messages being handled right now', ['consumer']);
    this.handleSeconds = metrics.histogram(name('handle_seconds'), 'Time from delivery to settle', ['consumer']);
    this.pullFailures = metrics.counter(name('pull_failures_total'), 'Pulls that broke off, missed heartbeats included', ['consumer']);
    this.pending = metrics.gauge(name('pending_messages'), 'Messages in the stream not yet delivered', ['consumer']);
    this.ackPending = metrics.gauge(name('ack_pending_messages'), 'Messages delivered and not yet settled', ['consumer']);
    this.redelivered = metrics.gauge(name('redelivered_messages'), 'Messages being delivered again', ['consumer']);
    this.oldestUnacked = metrics.gauge(name('oldest_unacked_seconds'), 'Age of the oldest message not yet settled', ['consumer']);
    this.oldestUnackedRatio = metrics.gauge(name('oldest_unacked_ratio'), 'That age as a part of the time the stream keeps messages: at 1 they get lost', ['consumer']);
    this.loopAlive = metrics.gauge(name('loop_alive'), '1 while messages are pulled or all slots are in use', ['consumer']);
    this.missedHeartbeats = metrics.counter(name('missed_heartbeats_total'), 'Pulls that the broker fell silent on', ['consumer']);
    this.deliveriesPerMessage = metrics.histogram(name('message_deliveries'), 'Deliveries a message took until it was settled for good', ['consumer'], [1, 2, 3, 5, 10, 20]);
    this.reconnects = metrics.gauge(name('nats_reconnects_total'), 'Times the NATS connection came back');
  }
}
