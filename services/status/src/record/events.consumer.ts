import { Controller, Logger } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { OutboxRelay } from '@stellwerk/database';
import { JETSTREAM, ReceivedMessage } from '@stellwerk/messaging';
import { failpoint, inSpan, SpanKind } from '@stellwerk/service-kit';
import { RecordEvent } from './record-event.js';
import { RecordMetrics } from './record-metrics.js';

/** Takes every event. */
@Controller()
export class EventsConsumer {
  private readonly log = new Logger(EventsConsumer.name);

  constructor(
    private readonly recordEvent: RecordEvent,
    private readonly outbox: OutboxRelay,
    private readonly metrics: RecordMetrics,
  ) {}

  @EventPattern<string>('status-events', JETSTREAM)
  async take(@Payload() message: ReceivedMessage): Promise<void> {
    const event = message.cloudEvent();
    const told = await inSpan('status record', { kind: SpanKind.INTERNAL, parent: message.trace, attributes: { 'cloudevents.event_type': event.type } },
      () => this.recordEvent.run(event, message.trace));
    failpoint('status.after-commit');
    this.metrics.recorded(event, told);
    this.log.debug({ event: event.id, type: event.type, correlation: event.correlationid, told: told.length }, 'event.recorded');
    if (told.length > 0) await this.outbox.flush();
  }
}
