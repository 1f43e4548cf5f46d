import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { EventObserver } from '@stellwerk/connector-kit';
import { JETSTREAM, ReceivedMessage } from '@stellwerk/messaging';

/** What hooks say about runs of its platforms. */
@Controller()
export class EventsConsumer {
  constructor(private readonly events: EventObserver) {}

  @EventPattern<string>('webhook-connector-events', JETSTREAM)
  async take(@Payload() message: ReceivedMessage): Promise<void> {
    await this.events.observe(message);
  }
}
