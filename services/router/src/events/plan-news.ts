import { Injectable } from '@nestjs/common';
import { takeNew, type Queryable } from '@stellwerk/database';
import { failpoint, isolated } from '@stellwerk/service-kit';
import { HoldEvent } from '../holds/hold-event.js';
import { GatherWork } from '../work/gather-work.js';
import { StoreWork, type Stored } from '../work/store-work.js';
import { DecideNews } from './decide-news.js';
import { inOrder, needsOf, settledBy, startingEvents, type MatchedNews } from './news.js';

const CONSUMER = 'router-events';

export interface Outcome extends Stored {
  /** True: some were taken before. What follows from them may still lie in the outbox. */
  repeated: boolean;
  /** Runs that began to wait for events. */
  listening: string[];
}

/** What follows from messages, in one transaction: inbox, decisions about one after the other, all of it written down. */
@Injectable()
export class PlanNews {
  constructor(
    private readonly holds: HoldEvent,
    private readonly gather: GatherWork,
    private readonly decide: DecideNews,
    private readonly store: StoreWork,
  ) {}

  async run(tx: Queryable, news: readonly MatchedNews[]): Promise<Outcome> {
    // Sent together, answered in this order: a command that is settled in between is known by what it has started.
    const [taken, unsettled, set] = await Promise.all([
      takeNew(tx, CONSUMER, news.map(({ takenAs }) => takenAs)),
      this.holds.unsettled(tx, startingEvents(news), settledBy(news)),
      this.gather.run(tx, needsOf(news)),
    ]);
    const repeated = taken.size < news.length;
    for (const item of inOrder(news)) {
      if (!taken.delete(item.takenAs)) continue;
      await isolated(item.span, () => this.decide.run(set, item, unsettled));
      set.waits.heardFrom(item.sequence + 1);
    }
    const stored = await this.store.run(tx, set);
    failpoint('router.before-commit');
    return { ...stored, repeated, listening: set.waits.gaps.map(({ run }) => run) };
  }
}
