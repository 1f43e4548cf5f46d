import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { messageOf, togetherOrApart, StoreAwayError } from '@stellwerk/service-kit';
import { AfterCommit } from '../work/after-commit.js';
import { HeldEventsRepository, type HeldCursor } from './held-events.repository.js';
import { PlanHeld } from './plan-held.js';

const AT_ONCE = 100;

/** Looks again at held events: those whose doubt is gone, or whose time is over, start what they match. */
@Injectable()
export class ReleaseHeld {
  readonly #log = new Logger('holds');
  readonly #each = togetherOrApart<string, void>((ids) => this.#together(ids), (error) => !(error instanceof StoreAwayError));
  #seen?: HeldCursor;

  constructor(
    private readonly database: Database,
    private readonly held: HeldEventsRepository,
    private readonly plan: PlanHeld,
    private readonly afterCommit: AfterCommit,
  ) {}

  /** Of these. One that fails stays held: it must not hold up the others, and the sweep tries again. Never rejects. */
  async run(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    for (const result of await this.#each(ids)) {
      if (result.status === 'rejected') this.#log.warn({ reason: messageOf(result.reason) }, 'event.not-released');
    }
  }

  /**
   * Page by page of all there are: whoever settled the command may have died, or was not seen by whoever held the event
   * at the same moment.
   */
  async sweep(): Promise<void> {
    const page = await this.held.page(this.database, this.#seen, AT_ONCE);
    this.#seen = page.length < AT_ONCE ? undefined : page.at(-1);
    await this.run(page.map(({ id }) => id));
  }

  async #together(ids: readonly string[]): Promise<void[]> {
    const stored = await this.database.transaction((tx) => this.plan.run(tx, ids, new Date()));
    await this.afterCommit.run(stored);
    return ids.map(() => undefined);
  }
}
