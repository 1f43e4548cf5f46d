import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ApiExcludeController } from '@nestjs/swagger';
import { JETSTREAM, ReceivedMessage } from '@stellwerk/messaging';
import { TellEvent } from './tell-event.js';
import { readRecording } from '../record/recording.js';

/** Takes every event. */
@ApiExcludeController()
@Controller()
export class EventsConsumer {
  constructor(private readonly tell: TellEvent) {}

  @EventPattern<string>('status-events', JETSTREAM)
  async take(@Payload() message: ReceivedMessage): Promise<void> {
    await this.tell.run(readRecording(message.cloudEvent(), message));
  }
}
