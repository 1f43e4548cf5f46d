import { Injectable } from '@nestjs/common';
import { Database, OutboxRelay, enqueue } from '@stellwerk/database';
import { eventMessage } from '@stellwerk/messaging';
import { failpoint } from '@stellwerk/service-kit';
import { ConnectorMetrics } from '../health/connector.metrics.js';
import { WatchRepository } from '../tracking/watch.repository.js';
import type { Decision } from './decide.js';
import { DispatchRepository } from './dispatch.repository.js';
import type { Dispatch } from './dispatch.types.js';
import { triggerEvent, triggerSubject } from './trigger-event.js';

/** PostgreSQL's unique_violation. */
const UNIQUE_VIOLATION = '23505';

const isTaken = (error: unknown): boolean => {
  const codes = [error, (error as { cause?: unknown } | undefined)?.cause, (error as { driverError?: unknown } | undefined)?.driverError];
  return codes.some((one) => (one as { code?: string } | undefined)?.code === UNIQUE_VIOLATION);
};

export type Recorded = 'written' | 'fenced' | 'run-taken';

/** Writes a decision: state, the event about it and the run to follow, in one transaction; then publishes. */
@Injectable()
export class OutcomeRecorder {
  constructor(
    private readonly database: Database,
    private readonly dispatches: DispatchRepository,
    private readonly watches: WatchRepository,
    private readonly relay: OutboxRelay,
    private readonly metrics: ConnectorMetrics,
  ) {}

  async record(dispatch: Dispatch, decision: Decision): Promise<Recorded> {
    const recorded = await this.#write(dispatch, decision).catch((error: unknown): Recorded => {
      if (isTaken(error)) return 'run-taken';
      throw error;
    });
    failpoint('connector.after-outcome');
    this.metrics.step(recorded, decision.change.state);
    if (recorded === 'written' && decision.event) await this.relay.flush();
    return recorded;
  }

  async #write(dispatch: Dispatch, { change, event, watch }: Decision): Promise<Recorded> {
    return this.database.transaction(async (tx): Promise<Recorded> => {
      const outcome = event && triggerEvent(event.type, dispatch, event.outcome, new Date());
      if (!(await this.dispatches.change(tx, dispatch, { ...change, outcome }))) return 'fenced';
      if (watch) await this.watches.add(tx, { dispatch, ...watch });
      if (outcome) await enqueue(tx, [eventMessage(triggerSubject(dispatch.command.platform, event.type), outcome)], dispatch.trace);
      return 'written';
    });
  }
}
