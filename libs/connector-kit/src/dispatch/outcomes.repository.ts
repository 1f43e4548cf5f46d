import { Injectable } from '@nestjs/common';
import { Database, OutboxRelay, type Enqueued } from '@stellwerk/database';
import { eventMessage } from '@stellwerk/messaging';
import { WatchRepository } from '../tracking/watch.repository.js';
import type { Decision } from './decide.js';
import { DispatchRepository } from './dispatch.repository.js';
import type { Dispatch } from './dispatch.types.js';
import { triggerEvent, triggerSubject } from './trigger-event.js';

export interface Outcome {
  dispatch: Dispatch;
  decision: Decision;
}

/** Writes decisions: states, the events about them and the runs to follow, in one transaction. */
@Injectable()
export class OutcomesRepository {
  constructor(
    private readonly database: Database,
    private readonly dispatches: DispatchRepository,
    private readonly watches: WatchRepository,
    private readonly relay: OutboxRelay,
  ) {}

  /** Gives the commands that were written, and what is to be published. A passed fence writes nothing of its dispatch. */
  async write(outcomes: readonly Outcome[]): Promise<{ written: Set<string>; enqueued: Enqueued }> {
    const now = new Date();
    const told = outcomes.map(({ dispatch, decision: { event } }) => event && triggerEvent(event.type, dispatch, event.outcome, now));
    return this.database.transaction(async (tx) => {
      const changes = outcomes.map(({ dispatch, decision }, index) => ({ dispatch, change: { ...decision.change, outcome: told[index] } }));
      const written = await this.dispatches.change(tx, changes);
      const ours = outcomes.map((outcome, index) => ({ ...outcome, told: told[index] })).filter(({ dispatch }) => written.has(dispatch.commandId));
      const watches = ours.flatMap(({ dispatch, decision: { watch } }) => (watch ? [{ dispatch, ...watch }] : []));
      const messages = ours.flatMap(({ dispatch, decision: { event }, told: outcome }) =>
        (event && outcome ? [{ ...eventMessage(triggerSubject(dispatch.command.platform, event.type), outcome), trace: dispatch.trace }] : []));
      const [enqueued] = await Promise.all([this.relay.enqueue(tx, messages), this.watches.add(tx, watches)]);
      return { written, enqueued };
    });
  }
}
