import { Module } from '@nestjs/common';
import { ResourcesModule } from '@stellwerk/config';
import { ConnectorKitModule, HEARD_RUNS, HOOK_KEEPER, SWEEP } from '@stellwerk/connector-kit';
import { DatabaseModule, KeptConfigRepository } from '@stellwerk/database';
import { MessagingModule } from '@stellwerk/messaging';
import { migrations } from '../migrations/index.js';
import { CommandsConsumer } from './commands.consumer.js';
import { ConnectionsController } from './connections.controller.js';
import { EventsConsumer } from './events.consumer.js';
import { GitlabAdapter } from './gitlab.adapter.js';
import { GitlabHooks } from './hooks/keep-hooks.js';
import { JobHealth } from './jobs/job-health.js';
import { UnseenJobs } from './jobs/unseen-jobs.js';
import { HeardRepository } from './missed/heard.repository.js';
import { SweepPipelines } from './missed/sweep-pipelines.js';

const SERVICE = 'gitlab-connector';

@Module({
  imports: [
    ResourcesModule.forService(SERVICE, KeptConfigRepository),
    DatabaseModule.forService(SERVICE, migrations, { lookups: true }),
    MessagingModule.forService(SERVICE),
    ConnectorKitModule.forPlatform(GitlabAdapter, [
      UnseenJobs, JobHealth, HeardRepository, { provide: HEARD_RUNS, useExisting: HeardRepository }, { provide: SWEEP, useClass: SweepPipelines }, { provide: HOOK_KEEPER, useClass: GitlabHooks },
    ]),
  ],
  controllers: [CommandsConsumer, EventsConsumer, ConnectionsController],
})
export class GitlabConnectorModule {}
