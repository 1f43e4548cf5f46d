import { Module } from '@nestjs/common';
import { ResourcesModule } from '@stellwerk/config';
import { ConnectorKitModule } from '@stellwerk/connector-kit';
import { DatabaseModule } from '@stellwerk/database';
import { MessagingModule } from '@stellwerk/messaging';
import { migrations } from '../migrations/index.js';
import { CommandsConsumer } from './commands.consumer.js';
import { ConnectionsController } from './connections.controller.js';
import { EventsConsumer } from './events.consumer.js';
import { GitlabAdapter } from './gitlab.adapter.js';

const SERVICE = 'gitlab-connector';

@Module({
  imports: [
    ResourcesModule.forService(SERVICE),
    DatabaseModule.forService(SERVICE, migrations, { lookups: true }),
    MessagingModule.forService(SERVICE),
    ConnectorKitModule.forPlatform(GitlabAdapter),
  ],
  controllers: [CommandsConsumer, EventsConsumer, ConnectionsController],
})
export class GitlabConnectorModule {}
