import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { JETSTREAM, ReceivedMessage } from '@stellwerk/messaging';
import { GiveWay } from './give-way.js';
import { NormalizeHook } from './normalize-hook.js';

@Controller()
export class HookConsumer {
  constructor(
    private readonly normalize: NormalizeHook,
    private readonly giveWay: GiveWay,
  ) {}

  @EventPattern<string>('ingress-hooks', JETSTREAM)
  async take(@Payload() message: ReceivedMessage): Promise<void> {
    await this.giveWay.run(() => this.normalize.run(message));
  }
}
