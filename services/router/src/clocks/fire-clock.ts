import { Injectable, Logger } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { strike, type Clock, type FlowMatch } from '@stellwerk/flows';
import { failpoint } from '@stellwerk/service-kit';
import { ownEventMessage } from '../events/own-event-message.js';
import { StartRun } from '../runs/start-run.js';
import { StoreWork, type Stored } from '../work/store-work.js';
import { WorkingSet } from '../work/working-set.js';
import { ClocksRepository } from './clocks.repository.js';

/** Lets a clock that is due start its flow, in one transaction with its going on. */
@Injectable()
export class FireClock {
  readonly #log = new Logger('clocks');

  constructor(
    private readonly clocks: ClocksRepository,
    private readonly start: StartRun,
    private readonly store: StoreWork,
  ) {}

  /** Undefined when another replica has it, or has had it. */
  async run(tx: Queryable, { flow, id }: Clock, match: FlowMatch, now: Date): Promise<Stored | undefined> {
    const locked = await this.clocks.lockDue(tx, { flow, id }, now);
    if (!locked) return undefined;
    const { event, clock } = strike(locked, match.flow, match.trigger, now);
    const set = new WorkingSet(tx);
    if (event) {
      const run = await this.start.run(set, match, { id: event.id, event });
      set.messages.push({ run, message: ownEventMessage(event, run) });
      this.#log.log({ flow, event: event.id, run }, 'clock.struck');
    }
    await this.clocks.keep(tx, clock);
    const stored = await this.store.run(tx, set);
    failpoint('router.before-clock');
    return stored;
  }
}
