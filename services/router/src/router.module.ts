import { Module } from '@nestjs/common';
import { ResourcesModule } from '@stellwerk/config';
import { DatabaseModule } from '@stellwerk/database';
import { MessagingModule } from '@stellwerk/messaging';
import { migrations } from '../migrations/index.js';
import { ApplyPlatformEvent } from './events/apply-platform-event.js';
import { ApplyTriggerResult } from './events/apply-trigger-result.js';
import { BeginFlows } from './events/begin-flows.js';
import { RouteEvent } from './events/route-event.js';
import { RouterEventsConsumer } from './events/router-events.consumer.js';
import { HeldEventsRepository } from './holds/held-events.repository.js';
import { HoldEvent } from './holds/hold-event.js';
import { ReleaseHeld } from './holds/release-held.js';
import { OutboxModule } from './outbox/outbox.module.js';
import { OrderRun } from './requests/order-run.js';
import { OrdersController } from './requests/orders.controller.js';
import { ROUTER_CONFIG, routerConfig } from './router.config.js';
import { RouterMetrics } from './router.metrics.js';
import { CensusRepository } from './runs/census.repository.js';
import { CommandsRepository } from './runs/commands.repository.js';
import { FlowRevisionsRepository } from './runs/flow-revisions.repository.js';
import { LedgerRepository } from './runs/ledger.repository.js';
import { LoadFacts } from './runs/load-facts.js';
import { MoveRun } from './runs/move-run.js';
import { PlatformRunsRepository } from './runs/platform-runs.repository.js';
import { RunsRepository } from './runs/runs.repository.js';
import { StartRun } from './runs/start-run.js';
import { StoreEffects } from './runs/store-effects.js';
import { TakeCensus } from './runs/take-census.js';
import { FireTimers } from './timers/fire-timers.js';
import { Sweep } from './timers/sweep.js';
import { TimersRepository } from './timers/timers.repository.js';

const repositories = [
  RunsRepository, FlowRevisionsRepository, CommandsRepository, PlatformRunsRepository, LedgerRepository, TimersRepository, HeldEventsRepository,
  CensusRepository,
];

@Module({
  imports: [MessagingModule.forService('router'), DatabaseModule.forService('router', migrations), ResourcesModule.forService('router'), OutboxModule],
  controllers: [RouterEventsConsumer, OrdersController],
  providers: [
    { provide: ROUTER_CONFIG, useFactory: () => routerConfig() },
    RouterMetrics,
    ...repositories,
    // events
    RouteEvent, ApplyTriggerResult, ApplyPlatformEvent, BeginFlows,
    // runs
    StartRun, MoveRun, LoadFacts, StoreEffects,
    // events held back, clocks, orders of people
    HoldEvent, ReleaseHeld, FireTimers, Sweep, OrderRun, TakeCensus,
  ],
})
export class RouterModule {}
