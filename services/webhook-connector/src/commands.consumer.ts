import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { CommandTaker } from '@stellwerk/connector-kit';
import { JETSTREAM, ReceivedMessage } from '@stellwerk/messaging';

/** Commands of its platforms. */
@Controller()
export class CommandsConsumer {
  constructor(private readonly commands: CommandTaker) {}

  @EventPattern<string>('webhook-connector-commands', JETSTREAM)
  async take(@Payload() message: ReceivedMessage): Promise<void> {
    await this.commands.take(message);
  }
}
