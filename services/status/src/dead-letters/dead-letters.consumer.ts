import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ApiExcludeController } from '@nestjs/swagger';
import { JETSTREAM, ReceivedMessage } from '@stellwerk/messaging';
import { DeadLettersRepository } from './dead-letters.repository.js';
import { readLetter } from './read-letter.js';

/** Writes down what no consumer could handle, so that people can look for it and decide. */
@ApiExcludeController()
@Controller()
export class DeadLettersConsumer {
  constructor(private readonly letters: DeadLettersRepository) {}

  @EventPattern<string>('status-dead-letters', JETSTREAM)
  async take(@Payload() message: ReceivedMessage): Promise<void> {
    await this.letters.record(readLetter(message, new Date()));
  }
}
