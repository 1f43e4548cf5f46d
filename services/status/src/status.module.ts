import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { ResourcesModule } from '@stellwerk/config';
import { DatabaseModule } from '@stellwerk/database';
import { MessagingModule } from '@stellwerk/messaging';
import { migrations } from '../migrations/index.js';
import { AccessGuard } from './access/access.guard.js';
import { accessProvider } from './access/access.providers.js';
import { ConnectionsController } from './connections/connections.controller.js';
import { SightingsRepository } from './connections/sightings.repository.js';
import { ApiDocs } from './docs/api-docs.js';
import { EventsController } from './events/events.controller.js';
import { EventsRepository } from './events/events.repository.js';
import { FlowsController } from './flows/flows.controller.js';
import { parametersPipe } from './http/parameters.pipe.js';
import { ProblemFilter } from './http/problem.filter.js';
import { OrderClient } from './orders/order.client.js';
import { OrdersController } from './orders/orders.controller.js';
import { EventsConsumer } from './record/events.consumer.js';
import { HealthRepository } from './record/health.repository.js';
import { outboxProvider, OutboxSweep } from './record/outbox.providers.js';
import { PlatformRunsRepository } from './record/platform-runs.repository.js';
import { RecordEvent } from './record/record-event.js';
import { RecordMetrics } from './record/record-metrics.js';
import { RecordRun } from './record/record-run.js';
import { RunsRepository } from './record/runs.repository.js';
import { TimelineRepository } from './record/timeline.repository.js';
import { Retention } from './retention/retention.js';
import { RetentionRepository } from './retention/retention.repository.js';
import { OpenRunsGauge } from './runs/open-runs.gauge.js';
import { RunReadsRepository } from './runs/run-reads.repository.js';
import { RunsController } from './runs/runs.controller.js';
import { StatusConfig } from './status.config.js';
import { doorProvider } from './status.door.js';
import { ChangesRepository } from './stream/changes.repository.js';
import { RunFeed } from './stream/run-feed.js';
import { RunStreamController } from './stream/run-stream.controller.js';

const record = [
  RecordEvent, RecordRun, RecordMetrics, TimelineRepository, RunsRepository, PlatformRunsRepository, HealthRepository, outboxProvider, OutboxSweep,
];
const read = [RunReadsRepository, EventsRepository, SightingsRepository, ChangesRepository, RunFeed, OpenRunsGauge];
const door = [
  doorProvider, accessProvider, ApiDocs, OrderClient,
  { provide: APP_FILTER, useClass: ProblemFilter }, { provide: APP_GUARD, useClass: AccessGuard }, { provide: APP_PIPE, useFactory: parametersPipe },
];

@Module({
  imports: [MessagingModule.forService('status'), DatabaseModule.forService('status', migrations), ResourcesModule.forService('status')],
  // The stream comes before the runs: /api/runs/stream is no run's id.
  controllers: [EventsConsumer, RunStreamController, RunsController, OrdersController, EventsController, FlowsController, ConnectionsController],
  providers: [{ provide: StatusConfig, useFactory: () => new StatusConfig() }, ...record, ...read, ...door, Retention, RetentionRepository],
})
export class StatusModule {}
