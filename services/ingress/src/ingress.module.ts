import { Module } from '@nestjs/common';
import { ResourcesModule } from '@stellwerk/config';
import { DatabaseModule } from '@stellwerk/database';
import { MessagingModule } from '@stellwerk/messaging';
import { DOOR, type Door } from '@stellwerk/service-kit';
import { migrations } from '../migrations/index.js';
import { IngressConfig } from './ingress.config.js';
import { IngressMetrics } from './ingress.metrics.js';
import { HookConsumer } from './normalize/hook.consumer.js';
import { NormalizeHook } from './normalize/normalize-hook.js';
import { HookDoor } from './receive/hook-door.js';
import { HookController } from './receive/hook.controller.js';
import { OpenConnections } from './receive/open-connections.js';
import { ReceiveHook } from './receive/receive-hook.js';
import { BodiesRepository } from './spool/bodies.repository.js';
import { DrainSpool } from './spool/drain-spool.js';
import { PublishHook } from './spool/publish-hook.js';
import { SpoolKeeper } from './spool/spool-keeper.js';
import { Spool } from './spool/spool.js';
import { SpoolRepository } from './spool/spool.repository.js';

@Module({
  imports: [ResourcesModule.forService('ingress'), DatabaseModule.forService('ingress', migrations), MessagingModule.forService('ingress')],
  controllers: [HookConsumer],
  providers: [
    { provide: IngressConfig, useFactory: () => new IngressConfig() },
    IngressMetrics,
    // receive
    OpenConnections, ReceiveHook, HookController, HookDoor,
    {
      provide: DOOR,
      inject: [IngressConfig, HookDoor],
      useFactory: ({ port, host }: IngressConfig, hooks: HookDoor): Door =>
        ({ port, host, portVariable: 'INGRESS_PORT', configure: (fastify) => hooks.configure(fastify) }),
    },
    // spool
    BodiesRepository, SpoolRepository, Spool, PublishHook, DrainSpool, SpoolKeeper,
    // normalize
    NormalizeHook,
  ],
})
export class IngressModule {}
