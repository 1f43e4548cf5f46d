import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { EventObserver } from '@stellwerk/connector-kit';
import { JETSTREAM, ReceivedMessage } from '@stellwerk/messaging';
import { HookHearing } from './jobs/hear-hooks.js';

/** What hooks say about runs of this platform. */
@Controller()
export class EventsConsumer {
  constructor(
    private readonly events: EventObserver,
    private readonly hooks: HookHearing,
  ) {}

  @EventPattern<string>('jenkins-connector-events', JETSTREAM)
  async take(@Payload() message: ReceivedMessage): Promise<void> {
    await Promise.all([this.events.observe(message), this.hooks.hear(message)]);
  }
}
