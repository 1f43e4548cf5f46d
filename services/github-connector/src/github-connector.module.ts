import { Module } from '@nestjs/common';
import { ResourcesModule } from '@stellwerk/config';
import { ConnectorKitModule, HOOK_KEEPER, SWEEP } from '@stellwerk/connector-kit';
import { DatabaseModule, KeptConfigRepository } from '@stellwerk/database';
import { MessagingModule } from '@stellwerk/messaging';
import { migrations } from '../migrations/index.js';
import { AppTokens } from './app-tokens.client.js';
import { CommandsConsumer } from './commands.consumer.js';
import { ConnectionsController } from './connections.controller.js';
import { AskAgain } from './deliveries/ask-again.js';
import { BringBack } from './deliveries/bring-back.js';
import { DeliveryMetrics } from './deliveries/delivery.metrics.js';
import { MissedRepository } from './deliveries/missed.repository.js';
import { ReadDeliveries } from './deliveries/read-deliveries.js';
import { SweepDeliveries } from './deliveries/sweep-deliveries.js';
import { EventsConsumer } from './events.consumer.js';
import { GithubAdapter } from './github.adapter.js';
import { GithubHooks } from './hooks/keep-hooks.js';
import { Places } from './hooks/places.js';
import { ListedRepository } from './run-lists/listed.repository.js';
import { LookThrough } from './run-lists/look-through.js';
import { TellByLists } from './run-lists/tell-by-lists.js';

const SERVICE = 'github-connector';

const lists = [ListedRepository, LookThrough, TellByLists];
const sweep = [Places, MissedRepository, DeliveryMetrics, ReadDeliveries, AskAgain, ...lists, BringBack, { provide: SWEEP, useClass: SweepDeliveries }];

@Module({
  imports: [
    ResourcesModule.forService(SERVICE, KeptConfigRepository),
    DatabaseModule.forService(SERVICE, migrations, { lookups: true }),
    MessagingModule.forService(SERVICE),
    ConnectorKitModule.forPlatform(GithubAdapter, [AppTokens, ...sweep, { provide: HOOK_KEEPER, useClass: GithubHooks }]),
  ],
  controllers: [CommandsConsumer, EventsConsumer, ConnectionsController],
})
export class GithubConnectorModule {}
