import { Module, type DynamicModule } from '@nestjs/common';
import type { ServiceName } from '@stellwerk/contracts';
import { Publisher } from './publisher.js';
import { RouterClient } from './router.client.js';

@Module({})
export class MessagingModule {
  static forService(_service: ServiceName): DynamicModule {
    return { module: MessagingModule, global: true, providers: [Publisher, RouterClient], exports: [Publisher, RouterClient] };
  }
}
