import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { StoreAwayError, failpoint, messageOf, togetherOrApart } from '@stellwerk/service-kit';
import { HeardUntil } from '../events/heard-until.js';
import { AfterCommit } from '../work/after-commit.js';
import { FireTimers } from './fire-timers.js';
import { TimersRepository, type DueAt } from './timers.repository.js';

const AT_ONCE = 100;
const AGAIN_MS = 30_000;

/** Looks for due clocks of runs; replicas share the work. */
@Injectable()
export class StrikeDue {
  readonly #log = new Logger('timers');

  constructor(
    private readonly database: Database,
    private readonly timers: TimersRepository,
    private readonly heard: HeardUntil,
    private readonly fire: FireTimers,
    private readonly afterCommit: AfterCommit,
  ) {}

  /** A run that cannot be moved must not hold up the clocks of all others. */
  async run(now: Date = new Date()): Promise<void> {
    const [ids, at] = await this.#due(now);
    if (ids.length === 0) return;
    const each = togetherOrApart<string, void>((some) => this.#together(some, at), (error) => !(error instanceof StoreAwayError));
    for (const [at, result] of (await each(ids)).entries()) {
      if (result.status === 'rejected') await this.#failed(ids[at]!, now, result.reason);
    }
  }

  /** After a pause the backlog comes first: a pipeline that ended in time has not timed out. */
  async #due(now: Date): Promise<[ids: string[], at: DueAt]> {
    const over = await this.timers.dueRuns(this.database, { now, heard: now }, AT_ONCE);
    const at = { now, heard: over.length > 0 ? await this.heard.run(now) : now };
    return [at.heard < now ? await this.timers.dueRuns(this.database, at, AT_ONCE) : over, at];
  }

  async #together(ids: readonly string[], at: DueAt): Promise<void[]> {
    const stored = await this.database.transaction((tx) => this.fire.run(tx, ids, at));
    failpoint('router.timer-after-commit');
    // What cannot be published now is left to the sweep of the outbox.
    await this.afterCommit.run(stored).catch((error: unknown) => this.#log.warn({ reason: messageOf(error) }, 'timer.not-published'));
    return ids.map(() => undefined);
  }

  async #failed(run: string, now: Date, error: unknown): Promise<void> {
    if (error instanceof StoreAwayError) throw error;
    this.#log.error({ run, err: error }, 'timer.failed');
    await this.timers.postpone(this.database, run, now, new Date(now.getTime() + AGAIN_MS));
  }
}
