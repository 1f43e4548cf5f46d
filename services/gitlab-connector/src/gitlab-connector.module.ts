import { Module } from '@nestjs/common';
import { ResourcesModule } from '@stellwerk/config';
import { ConnectorKitModule } from '@stellwerk/connector-kit';
import { DatabaseModule } from '@stellwerk/database';
import { MessagingModule } from '@stellwerk/messaging';
import { migrations } from '../migrations/index.js';
import { CommandsConsumer } from './commands.consumer.js';
import { EventsConsumer } from './events.consumer.js';
import { GitlabAdapter } from './gitlab.adapter.js';
import { JobHealth } from './jobs/job-health.js';
import { UnseenJobs } from './jobs/unseen-jobs.js';

const SERVICE = 'gitlab-connector';

@Module({
  imports: [
    ResourcesModule.forService(SERVICE),
    DatabaseModule.forService(SERVICE, migrations, { lookups: true }),
    MessagingModule.forService(SERVICE),
    ConnectorKitModule.forPlatform(GitlabAdapter, [UnseenJobs, JobHealth]),
  ],
  controllers: [CommandsConsumer, EventsConsumer],
})
export class GitlabConnectorModule {}
