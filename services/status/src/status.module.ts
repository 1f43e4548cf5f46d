import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { ResourcesModule } from '@stellwerk/config';
import { DatabaseModule, KeptConfigRepository } from '@stellwerk/database';
import { MessagingModule } from '@stellwerk/messaging';
import { migrations } from '../migrations/index.js';
import { AccessGuard } from './access/access.guard.js';
import { accessProvider } from './access/access.providers.js';
import { FlowOfRunRepository } from './access/flow-of-run.repository.js';
import { FlowScope } from './access/flow-scope.js';
import { ApprovalReadsRepository } from './approvals/approval-reads.repository.js';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { AuditRepository } from './audit/audit.repository.js';
import { ChecksRepository } from './connections/checks.repository.js';
import { ConnectionsController } from './connections/connections.controller.js';
import { ConnectorClient } from './connections/connector.client.js';
import { SightingsRepository } from './connections/sightings.repository.js';
import { CarryOut } from './dead-letters/carry-out.js';
import { DeadLettersConsumer } from './dead-letters/dead-letters.consumer.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { DeadLettersRepository } from './dead-letters/dead-letters.repository.js';
import { LetterDesk } from './dead-letters/letter-desk.js';
import { LetterOrdersRepository } from './dead-letters/letter-orders.repository.js';
import { LetterWorkRepository } from './dead-letters/letter-work.repository.js';
import { OpenLettersGauge } from './dead-letters/open-letters.gauge.js';
import { OrderLetters } from './dead-letters/order-letters.js';
import { ApiDocs } from './docs/api-docs.js';
import { DeploymentsRepository } from './dora/deployments.repository.js';
import { DoraController } from './dora/dora.controller.js';
import { DoraRepository } from './dora/dora.repository.js';
import { EventsController } from './events/events.controller.js';
import { EventsRepository } from './events/events.repository.js';
import { ExplainClient } from './events/explain.client.js';
import { ConfigElsewhere } from './flows/config-elsewhere.js';
import { FlowRevisionsRepository } from './flows/flow-revisions.repository.js';
import { KeepRevisions } from './flows/keep-revisions.js';
import { FlowsController } from './flows/flows.controller.js';
import { HookReplayDesk } from './hooks/hook-replay-desk.js';
import { HookReplaysRepository } from './hooks/hook-replays.repository.js';
import { HooksController } from './hooks/hooks.controller.js';
import { OrderHooksReplay } from './hooks/order-hooks-replay.js';
import { ReplayHooks } from './hooks/replay-hooks.js';
import { parametersPipe } from './http/parameters.pipe.js';
import { ProblemFilter } from './http/problem.filter.js';
import { OneAtATimeRepository } from './maintenance/one-at-a-time.repository.js';
import { StreamsUpkeep } from './maintenance/streams-upkeep.js';
import { FlowOrdersController } from './orders/flow-orders.controller.js';
import { OrderClient } from './orders/order.client.js';
import { OrdersController } from './orders/orders.controller.js';
import { RunRequestsRepository } from './orders/run-requests.repository.js';
import { StartFlow } from './orders/start-flow.js';
import { ApprovalsRepository } from './record/approvals.repository.js';
import { FactsRepository } from './record/facts.repository.js';
import { HealthRepository } from './record/health.repository.js';
import { outboxProvider, OutboxSweep } from './tell/outbox.providers.js';
import { PlatformRunsRepository } from './record/platform-runs.repository.js';
import { ReadModel } from './record/read-model.js';
import { RecordEvents } from './record/record-events.js';
import { RecordMetrics } from './record/record-metrics.js';
import { RunsRepository } from './record/runs.repository.js';
import { TimelineRepository } from './record/timeline.repository.js';
import { UntoldRepository } from './record/untold.repository.js';
import { ReplaysController } from './replays/replays.controller.js';
import { ReplaysRepository } from './replays/replays.repository.js';
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
import { EventsConsumer } from './tell/events.consumer.js';
import { NeighboursRepository } from './tell/neighbours.repository.js';
import { PublishStatus } from './tell/publish-status.js';
import { SweepUntold } from './tell/sweep-untold.js';
import { TellEvent } from './tell/tell-event.js';
import { Turns } from './tell/turns.js';
import { StoredEvents } from './trials/stored-events.js';
import { TrialDesk } from './trials/trial-desk.js';
import { TrialsController } from './trials/trials.controller.js';

const trials = [TrialDesk, StoredEvents];
const record = [
  RecordEvents, ReadModel, RecordMetrics, TimelineRepository, UntoldRepository, RunsRepository, PlatformRunsRepository, FactsRepository, HealthRepository,
  ApprovalsRepository, DeploymentsRepository,
];
const tell = [TellEvent, Turns, NeighboursRepository, PublishStatus, SweepUntold, outboxProvider, OutboxSweep];
const flows = [FlowRevisionsRepository, KeepRevisions.provider, ConfigElsewhere];
const read = [
  RunReadsRepository, EventsRepository, ExplainClient, SightingsRepository, ChecksRepository, ConnectorClient, ChangesRepository, RunFeed, OpenRunsGauge,
  ApprovalReadsRepository, DoraRepository,
];
const letters = [
  DeadLettersRepository, LetterOrdersRepository, LetterWorkRepository, OrderLetters, CarryOut, LetterDesk, OpenLettersGauge,
  OrderHooksReplay, ReplayHooks, HookReplaysRepository, HookReplayDesk, ReplaysRepository, AuditRepository,
];
const door = [
  doorProvider, accessProvider, FlowScope, FlowOfRunRepository, ApiDocs, OrderClient, StartFlow, RunRequestsRepository,
  { provide: APP_FILTER, useClass: ProblemFilter }, { provide: APP_GUARD, useClass: AccessGuard }, { provide: APP_PIPE, useFactory: parametersPipe },
];

@Module({
  imports: [MessagingModule.forService('status'), DatabaseModule.forService('status', migrations), ResourcesModule.forService('status', KeptConfigRepository)],
  // The stream comes before the runs: /api/runs/stream is no run's id.
  controllers: [
    EventsConsumer, RunStreamController, RunsController, OrdersController, EventsController, FlowsController, FlowOrdersController, ConnectionsController,
    DeadLettersConsumer, DeadLettersController, HooksController, ReplaysController, ApprovalsController, DoraController, TrialsController,
  ],
  providers: [
    { provide: StatusConfig, useFactory: () => new StatusConfig() }, ...record, ...tell, ...read, ...flows, ...door, ...letters, ...trials,
    Retention, RetentionRepository, StreamsUpkeep, OneAtATimeRepository,
  ],
})
export class StatusModule {}
