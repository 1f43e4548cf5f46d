import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { StoreAwayError, failpoint, messageOf, togetherOrApart } from '@stellwerk/service-kit';
import { AfterCommit } from '../work/after-commit.js';
import { CloseJoins } from './close-joins.js';
import { JoinsRepository, type DueJoin } from './joins.repository.js';
import { RipeJoins } from './ripe-joins.js';

const FAILED_MS = 30_000;

/** Ends rounds of joins whose time is over; replicas may look at the same, one ends them. */
@Injectable()
export class CloseDue {
  readonly #log = new Logger('joins');

  constructor(
    private readonly database: Database,
    private readonly ripe: RipeJoins,
    private readonly joins: JoinsRepository,
    private readonly close: CloseJoins,
    private readonly afterCommit: AfterCommit,
  ) {}

  /** One that cannot be ended must not hold up all others. */
  async run(now: Date = new Date()): Promise<void> {
    const due = await this.ripe.run(now);
    if (due.length === 0) return;
    await this.close.prepare(due);
    const each = togetherOrApart<DueJoin, void>((some) => this.#together(some, now), (error) => !(error instanceof StoreAwayError));
    for (const [at, result] of (await each(due)).entries()) {
      if (result.status === 'rejected') await this.#failed(due[at]!, now, result.reason);
    }
  }

  async #together(due: readonly DueJoin[], now: Date): Promise<void[]> {
    const stored = await this.database.transaction((tx) => this.close.run(tx, due.map(({ id }) => id), now));
    failpoint('router.join-after-commit');
    // What cannot be published now is left to the sweep of the outbox.
    await this.afterCommit.run(stored).catch((error: unknown) => this.#log.warn({ reason: messageOf(error) }, 'join.not-published'));
    return due.map(() => undefined);
  }

  async #failed({ id }: DueJoin, now: Date, error: unknown): Promise<void> {
    if (error instanceof StoreAwayError) throw error;
    this.#log.error({ join: id, err: error }, 'join.failed');
    await this.joins.postpone(this.database, [id], new Date(now.getTime() + FAILED_MS));
  }
}
