import { Controller, Logger } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ApiExcludeController } from '@nestjs/swagger';
import { OutboxRelay } from '@stellwerk/database';
import { JETSTREAM, ReceivedMessage } from '@stellwerk/messaging';
import { failpoint, InOrder, inSpan, messageOf, SpanKind } from '@stellwerk/service-kit';
import { RecordEvent } from './record-event.js';
import { RecordMetrics } from './record-metrics.js';

/** Takes every event. */
@ApiExcludeController()
@Controller()
export class EventsConsumer {
  private readonly log = new Logger(EventsConsumer.name);
  /** Two changes of one run at once would make the first of them late, and what it says lost. */
  private readonly inOrder = new InOrder();

  constructor(
    private readonly recordEvent: RecordEvent,
    private readonly outbox: OutboxRelay,
    private readonly metrics: RecordMetrics,
  ) {}

  @EventPattern<string>('status-events', JETSTREAM)
  async take(@Payload() message: ReceivedMessage): Promise<void> {
    const event = message.cloudEvent();
    const told = await inSpan('status record', { kind: SpanKind.INTERNAL, parent: message.trace, attributes: { 'cloudevents.event_type': event.type } },
      () => this.inOrder.run(event.correlationid, () => this.recordEvent.run(event, message.trace)));
    failpoint('status.after-commit');
    this.metrics.recorded(event, told);
    this.log.debug({ event: event.id, type: event.type, correlation: event.correlationid, told: told.length }, 'event.recorded');
    if (told.length > 0) this.sendSoon();
  }

  /** The messages are safe in the outbox: the event is done, and no other event waits for the broker. */
  private sendSoon(): void {
    this.outbox.flush().catch((error: unknown) => this.log.warn({ reason: messageOf(error) }, 'outbox.left-to-sweep'));
  }
}
