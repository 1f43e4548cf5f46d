import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import type { ServiceName } from '@stellwerk/contracts';
import { Database, OutboxRelay } from '@stellwerk/database';
import { HttpClient } from '@stellwerk/http';
import { Publisher } from '@stellwerk/messaging';
import { SERVICE_NAME } from '@stellwerk/service-kit';
import type { ConnectorAdapter } from './adapter.js';
import { Adapters } from './adapters.js';
import { ConnectionPool } from './calls/connection-pool.js';
import { CheckCredentials } from './care/check-credentials.js';
import { ConnectionChecker } from './care/check-connection.js';
import { ConnectionRequests } from './care/connection-requests.js';
import { ConnectionSetUp } from './care/set-up-connection.js';
import { connectorTiming, publicHooksUrl } from './connector-kit.config.js';
import { ActionRegistry } from './dispatch/action-registry.js';
import { Admission } from './dispatch/admission.js';
import { Agenda } from './dispatch/agenda.js';
import { DispatchAdvancer } from './dispatch/advance-dispatch.js';
import { CancelRunAction } from './dispatch/cancel-run.action.js';
import { CarrierRepository } from './dispatch/carrier.repository.js';
import { ClaimsRepository } from './dispatch/claims.repository.js';
import { DatabaseTime } from './dispatch/database-time.js';
import { DispatchRepository } from './dispatch/dispatch.repository.js';
import { DispatchUpkeepRepository } from './dispatch/dispatch-upkeep.repository.js';
import { DispatchWorker } from './dispatch/dispatch.worker.js';
import { CommandEntry } from './dispatch/enter-commands.js';
import { FollowRunAction } from './dispatch/follow-run.action.js';
import { insteadOf } from './dispatch/instead-of.js';
import { IntentsRepository } from './dispatch/intents.repository.js';
import { LaneQueue } from './dispatch/lane-queue.js';
import { LanesRepository } from './dispatch/lanes.repository.js';
import { DispatchLookUp } from './dispatch/look-up-dispatch.js';
import { CallOpener } from './dispatch/open-call.js';
import { OutcomesRepository } from './dispatch/outcomes.repository.js';
import { SendPreparer } from './dispatch/prepare-send.js';
import { OutcomeRecorder } from './dispatch/record-outcome.js';
import { DispatchSender } from './dispatch/send-dispatch.js';
import { SendMarks } from './dispatch/send-marks.js';
import { CommandSettler } from './dispatch/settle-command.js';
import { ClaimTaker } from './dispatch/take-claims.js';
import { CommandTaker } from './dispatch/take-command.js';
import { ConnectionWaker } from './dispatch/wake-connections.js';
import { ConnectorMetrics } from './health/connector.metrics.js';
import { DuplicateWatch } from './health/duplicate-watch.js';
import { HealthNotes } from './health/health-notes.js';
import { HealthOutbox, HealthReporter } from './health/health.reporter.js';
import { OutboxLifecycle } from './outbox.lifecycle.js';
import { PublicHooks } from './sweep/public-hooks.js';
import { SweepRepository } from './sweep/sweep.repository.js';
import { Sweeper } from './sweep/sweeper.js';
import { TellMissed } from './sweep/tell-missed.js';
import { TIMING_TOKEN } from './timing.js';
import { EventObserver } from './tracking/observe-event.js';
import { RunPoller } from './tracking/poll-runs.js';
import { RunTracker } from './tracking/run-tracker.js';
import { WatchRepository } from './tracking/watch.repository.js';
import { Upkeep } from './upkeep.js';

const relay: Provider = {
  provide: OutboxRelay,
  useFactory: (database: Database, publisher: Publisher) => 
    new OutboxRelay(database, (message) => publisher.publish(message), { substitute: (message, reason) => insteadOf(message, reason) }),
  inject: [Database, Publisher],
};

const calls: Provider[] = [HttpClient, ConnectionPool];
const repositories: Provider[] = [
  DispatchRepository, IntentsRepository, ClaimsRepository, LanesRepository, OutcomesRepository, DispatchUpkeepRepository, CarrierRepository, WatchRepository,
];
const dispatching: Provider[] = [
  DatabaseTime, Agenda, LaneQueue, ActionRegistry, CancelRunAction, FollowRunAction, CallOpener, SendMarks, DispatchSender, SendPreparer, DispatchLookUp, OutcomeRecorder,
  ClaimTaker, DispatchAdvancer, DispatchWorker, ConnectionWaker, Admission, CommandEntry, CommandSettler, CommandTaker,
];
const tracking: Provider[] = [RunPoller, RunTracker, EventObserver];
const sweeping: Provider[] = [{ provide: PublicHooks, useFactory: () => new PublicHooks(publicHooksUrl()) }, SweepRepository, Sweeper, TellMissed];
const caring: Provider[] = [CheckCredentials, ConnectionChecker, ConnectionSetUp, ConnectionRequests];

/** Everything of a connector but its platform: dispatching, looking up, following, health. */
@Module({})
export class ConnectorKitModule {
  /** `adapter` may inject what `providers` give; these inject what the kit's index exports, and are given on to the connector. */
  static forPlatform(adapter: Type<ConnectorAdapter>, providers: Provider[] = []): DynamicModule {
    return ConnectorKitModule.forPlatforms([adapter], providers);
  }

  /** One connector for several platforms; each has its adapter. */
  static forPlatforms(adapters: Type<ConnectorAdapter>[], providers: Provider[] = []): DynamicModule {
    const known: Provider = {
      provide: Adapters, useFactory: (service: ServiceName, ...all: ConnectorAdapter[]) => new Adapters(service, all), inject: [SERVICE_NAME, ...adapters],
    };
    return {
      module: ConnectorKitModule,
      providers: [
        { provide: TIMING_TOKEN, useFactory: connectorTiming }, ...providers, ...adapters, known,
        relay, OutboxLifecycle, ...calls, ...repositories, ...dispatching, ...tracking, ...sweeping, ...caring, ConnectorMetrics, DuplicateWatch, HealthNotes, HealthOutbox, HealthReporter, Upkeep,
      ],
      exports: [CommandTaker, EventObserver, ConnectionRequests, ...providers],
    };
  }
}
