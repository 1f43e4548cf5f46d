import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import type { Clock, FlowMatch } from '@stellwerk/flows';
import { StoreAwayError, failpoint, messageOf } from '@stellwerk/service-kit';
import { HeardUntil } from '../events/heard-until.js';
import { AfterCommit } from '../work/after-commit.js';
import { ClocksRepository } from './clocks.repository.js';
import { FireClock } from './fire-clock.js';
import { LoadClocks } from './load-clocks.js';

const AT_ONCE = 200;
/** Another replica may know a flow that we do not know yet. */
const UNKNOWN_MS = 10_000;
const FAILED_MS = 30_000;

/** Looks at the schedules and absences that are due; replicas share the work. */
@Injectable()
export class StrikeClocks {
  readonly #log = new Logger('clocks');

  constructor(
    private readonly database: Database,
    private readonly clocks: ClocksRepository,
    private readonly load: LoadClocks,
    private readonly heard: HeardUntil,
    private readonly fire: FireClock,
    private readonly afterCommit: AfterCommit,
  ) {}

  async run(now: Date = new Date()): Promise<void> {
    await this.load.run(now);
    const due = await this.clocks.due(this.database, now, AT_ONCE);
    const found = due.map((clock) => ({ clock, match: this.load.triggerOf(clock) }));
    for (const { clock } of found.filter(({ match }) => !match)) await this.clocks.postpone(this.database, clock, new Date(now.getTime() + UNKNOWN_MS));
    const ripe = await this.#ripe(found.flatMap(({ clock, match }) => (match ? [{ clock, match }] : [])), now);
    await this.load.prepare(ripe.map(({ match }) => match.flow));
    for (const { clock, match } of ripe) await this.#one(clock, match, now);
  }

  /** Of an absence nothing is said before all that was there by then has been heard. */
  async #ripe<T extends { clock: Clock; match: FlowMatch }>(known: readonly T[], now: Date): Promise<T[]> {
    const schedules = known.filter(({ match }) => match.trigger.schedule);
    if (schedules.length === known.length) return schedules;
    const until = await this.heard.run(now);
    return known.filter(({ clock, match }) => match.trigger.schedule ?? clock.dueAt! <= until);
  }

  /** One that cannot be started must not hold up all others. */
  async #one(clock: Clock, match: FlowMatch, now: Date): Promise<void> {
    try {
      const stored = await this.database.transaction((tx) => this.fire.run(tx, clock, match, now));
      failpoint('router.after-clock');
      // What cannot be published now is left to the sweep of the outbox.
      if (stored) await this.afterCommit.run(stored).catch((error: unknown) => this.#log.warn({ reason: messageOf(error) }, 'clock.not-published'));
    } catch (error) {
      if (error instanceof StoreAwayError) throw error;
      this.#log.error({ flow: clock.flow, clock: clock.id, err: error }, 'clock.failed');
      await this.clocks.postpone(this.database, clock, new Date(now.getTime() + FAILED_MS));
    }
  }
}
