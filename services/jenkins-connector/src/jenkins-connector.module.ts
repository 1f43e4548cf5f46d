import { Module } from '@nestjs/common';
import { ResourcesModule } from '@stellwerk/config';
import { ConnectorKitModule, HOOK_KEEPER } from '@stellwerk/connector-kit';
import { DatabaseModule, KeptConfigRepository } from '@stellwerk/database';
import { MessagingModule } from '@stellwerk/messaging';
import { migrations } from '../migrations/index.js';
import { CommandsConsumer } from './commands.consumer.js';
import { ConnectionsController } from './connections.controller.js';
import { EventsConsumer } from './events.consumer.js';
import { JenkinsAdapter } from './jenkins.adapter.js';
import { JenkinsHooks } from './hooks/keep-hooks.js';
import { jobsProviders } from './jobs/jobs.providers.js';

const SERVICE = 'jenkins-connector';

@Module({
  imports: [
    ResourcesModule.forService(SERVICE, KeptConfigRepository),
    DatabaseModule.forService(SERVICE, migrations, { lookups: true }),
    MessagingModule.forService(SERVICE),
    ConnectorKitModule.forPlatform(JenkinsAdapter, [...jobsProviders, { provide: HOOK_KEEPER, useClass: JenkinsHooks }]),
  ],
  controllers: [CommandsConsumer, EventsConsumer, ConnectionsController],
})
export class JenkinsConnectorModule {}
