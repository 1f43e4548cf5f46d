import { Module } from '@nestjs/common';
import { ResourcesModule } from '@stellwerk/config';
import { DatabaseModule, KeptConfigRepository } from '@stellwerk/database';
import { MessagingModule } from '@stellwerk/messaging';
import { migrations } from '../migrations/index.js';
import { ApprovalsRepository } from './approvals/approvals.repository.js';
import { ClocksRepository } from './clocks/clocks.repository.js';
import { FireClock } from './clocks/fire-clock.js';
import { LoadClocks } from './clocks/load-clocks.js';
import { NoteSightings } from './clocks/note-sightings.js';
import { StrikeClocks } from './clocks/strike-clocks.js';
import { ApplyPlatformEvent } from './events/apply-platform-event.js';
import { ApplyTriggerResult } from './events/apply-trigger-result.js';
import { BeginFlows } from './events/begin-flows.js';
import { BeginRequested } from './events/begin-requested.js';
import { DecideNews } from './events/decide-news.js';
import { FinishNews } from './events/finish-news.js';
import { HeardUntil } from './events/heard-until.js';
import { MatchFlows } from './events/match-flows.js';
import { PlanNews } from './events/plan-news.js';
import { RouteNews } from './events/route-news.js';
import { RouterEventsConsumer } from './events/router-events.consumer.js';
import { HistoryRepository } from './history/history.repository.js';
import { BeginHeld } from './holds/begin-held.js';
import { HeldEventsRepository } from './holds/held-events.repository.js';
import { HoldEvent } from './holds/hold-event.js';
import { PlanHeld } from './holds/plan-held.js';
import { ReleaseHeld } from './holds/release-held.js';
import { CloseDue } from './joins/close-due.js';
import { CloseJoins } from './joins/close-joins.js';
import { JoinsRepository } from './joins/joins.repository.js';
import { RipeJoins } from './joins/ripe-joins.js';
import { TakeParts } from './joins/take-parts.js';
import { OutboxModule } from './outbox/outbox.module.js';
import { AskRollback } from './requests/ask-rollback.js';
import { ExplainFlows } from './requests/explain-flows.js';
import { GatherOrder } from './requests/gather-order.js';
import { OrderRun } from './requests/order-run.js';
import { OrdersController } from './requests/orders.controller.js';
import { QuestionsController } from './requests/questions.controller.js';
import { ROUTER_CONFIG, routerConfig } from './router.config.js';
import { RouterMetrics } from './router.metrics.js';
import { CensusRepository } from './runs/census.repository.js';
import { CommandsRepository } from './runs/commands.repository.js';
import { FlowRevisionsRepository } from './runs/flow-revisions.repository.js';
import { KeepFlows } from './runs/keep-flows.js';
import { LedgerRepository } from './runs/ledger.repository.js';
import { LoadFacts } from './runs/load-facts.js';
import { MoveRun } from './runs/move-run.js';
import { NoteEffects } from './runs/note-effects.js';
import { PlatformRunsRepository } from './runs/platform-runs.repository.js';
import { RunsRepository } from './runs/runs.repository.js';
import { StartRun } from './runs/start-run.js';
import { TakeCensus } from './runs/take-census.js';
import { WatchMoves } from './runs/watch-moves.js';
import { AskSlots } from './slots/ask-slots.js';
import { PlanSlot } from './slots/plan-slot.js';
import { SettleSlots } from './slots/settle-slots.js';
import { SlotNews } from './slots/slot-news.js';
import { SlotsRepository } from './slots/slots.repository.js';
import { SweepSlots } from './slots/sweep-slots.js';
import { FireTimers } from './timers/fire-timers.js';
import { ForgetOld } from './timers/forget-old.js';
import { ForgetRuns } from './timers/forget-runs.js';
import { OldRunsRepository } from './timers/old-runs.repository.js';
import { StoreTimers } from './timers/store-timers.js';
import { StrikeDue } from './timers/strike-due.js';
import { Sweep } from './timers/sweep.js';
import { TimersRepository } from './timers/timers.repository.js';
import { Upkeep } from './timers/upkeep.js';
import { BringEvent } from './waits/bring-event.js';
import { CloseGaps } from './waits/close-gaps.js';
import { EventWaitsRepository } from './waits/event-waits.repository.js';
import { FindMissed } from './waits/find-missed.js';
import { WaitGapsRepository } from './waits/wait-gaps.repository.js';
import { AfterCommit } from './work/after-commit.js';
import { GatherWork } from './work/gather-work.js';
import { StoreWaiting } from './work/store-waiting.js';
import { StoreTriggers } from './work/store-triggers.js';
import { StoreWork } from './work/store-work.js';

const repositories = [
  RunsRepository, FlowRevisionsRepository, CommandsRepository, PlatformRunsRepository, LedgerRepository, TimersRepository, HeldEventsRepository,
  CensusRepository, ApprovalsRepository, EventWaitsRepository, WaitGapsRepository, SlotsRepository, JoinsRepository, ClocksRepository, HistoryRepository,
  OldRunsRepository,
];

@Module({
  imports: [MessagingModule.forService('router'), DatabaseModule.forService('router', migrations, { lookups: true }), ResourcesModule.forService('router', KeptConfigRepository), OutboxModule],
  controllers: [RouterEventsConsumer, OrdersController, QuestionsController],
  providers: [
    { provide: ROUTER_CONFIG, useFactory: () => routerConfig() },
    RouterMetrics,
    ...repositories,
    // what one transaction knows, and how it is written down
    GatherWork, StoreWork, StoreTimers, StoreWaiting, StoreTriggers, AfterCommit,
    // events
    RouteNews, PlanNews, DecideNews, ApplyTriggerResult, ApplyPlatformEvent, BringEvent, MatchFlows, BeginFlows, BeginRequested, FinishNews, HeardUntil, FindMissed, CloseGaps,
    // runs
    StartRun, MoveRun, WatchMoves, KeepFlows, LoadFacts, NoteEffects,
    // events held back
    HoldEvent, ReleaseHeld, PlanHeld, BeginHeld,
    // joins, schedules and absences
    TakeParts, CloseDue, CloseJoins, RipeJoins, NoteSightings, LoadClocks, StrikeClocks, FireClock,
    // places in groups of runs and in environments
    AskSlots, SlotNews, SettleSlots, PlanSlot, SweepSlots,
    // clocks, orders of people
    Sweep, Upkeep, StrikeDue, FireTimers, ForgetOld, ForgetRuns, TakeCensus, OrderRun, GatherOrder, AskRollback, ExplainFlows,
  ],
})
export class RouterModule {}
