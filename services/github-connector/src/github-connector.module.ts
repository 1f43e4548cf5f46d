import { Module } from '@nestjs/common';
import { ResourcesModule } from '@stellwerk/config';
import { ConnectorKitModule } from '@stellwerk/connector-kit';
import { DatabaseModule } from '@stellwerk/database';
import { MessagingModule } from '@stellwerk/messaging';
import { migrations } from '../migrations/index.js';
import { AppTokens } from './app-tokens.client.js';
import { CommandsConsumer } from './commands.consumer.js';
import { EventsConsumer } from './events.consumer.js';
import { GithubAdapter } from './github.adapter.js';

const SERVICE = 'github-connector';

@Module({
  imports: [
    ResourcesModule.forService(SERVICE),
    DatabaseModule.forService(SERVICE, migrations, { lookups: true }),
    MessagingModule.forService(SERVICE),
    ConnectorKitModule.forPlatform(GithubAdapter, [AppTokens]),
  ],
  controllers: [CommandsConsumer, EventsConsumer],
})
export class GithubConnectorModule {}
