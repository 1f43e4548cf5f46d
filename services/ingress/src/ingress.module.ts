import { Module } from '@nestjs/common';
import { ResourcesModule } from '@stellwerk/config';
import { DatabaseModule, KeptConfigRepository } from '@stellwerk/database';
import { MessagingModule } from '@stellwerk/messaging';
import { DOOR, type Door } from '@stellwerk/service-kit';
import { migrations } from '../migrations/index.js';
import { IngressConfig } from './ingress.config.js';
import { IngressMetrics } from './ingress.metrics.js';
import { IngressReadiness } from './ingress.readiness.js';
import { GiveWay } from './normalize/give-way.js';
import { HookConsumer } from './normalize/hook.consumer.js';
import { NormalizeHook } from './normalize/normalize-hook.js';
import { HookDoor } from './receive/hook-door.js';
import { HookController } from './receive/hook.controller.js';
import { IntakeLoad } from './receive/intake-load.js';
import { OpenConnections } from './receive/open-connections.js';
import { ReceiveHook } from './receive/receive-hook.js';
import { Repeats } from './receive/repeats.js';
import { UnverifiedSenders } from './receive/unverified-senders.js';
import { BodiesRepository } from './spool/bodies.repository.js';
import { DrainSpool } from './spool/drain-spool.js';
import { LargeBodies } from './spool/large-bodies.js';
import { PublishHook } from './spool/publish-hook.js';
import { SpoolKeeper } from './spool/spool-keeper.js';
import { Spool } from './spool/spool.js';
import { SpoolRepository } from './spool/spool.repository.js';

@Module({
  imports: [ResourcesModule.forService('ingress', KeptConfigRepository), DatabaseModule.forService('ingress', migrations), MessagingModule.forService('ingress')],
  controllers: [HookConsumer],
  providers: [
    { provide: IngressConfig, useFactory: () => new IngressConfig() },
    IngressMetrics, IngressReadiness,
    // receive
    OpenConnections, UnverifiedSenders, Repeats, IntakeLoad, ReceiveHook, HookController, HookDoor,
    {
      provide: DOOR,
      inject: [IngressConfig, HookDoor],
      useFactory: ({ port, host, headersMs, requestMs }: IngressConfig, hooks: HookDoor): Door =>
        ({ port, host, portVariable: 'INGRESS_PORT', listener: hooks.listener, headersMs, requestMs }),
    },
    // spool
    BodiesRepository, LargeBodies, SpoolRepository, Spool, PublishHook, DrainSpool, SpoolKeeper,
    // normalize
    GiveWay, NormalizeHook,
  ],
})
export class IngressModule {}
