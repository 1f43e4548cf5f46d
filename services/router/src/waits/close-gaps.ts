import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import type { EventContext } from '@stellwerk/flows';
import { messageOf } from '@stellwerk/service-kit';
import { MoveRun } from '../runs/move-run.js';
import { AfterCommit } from '../work/after-commit.js';
import { GatherWork, needs } from '../work/gather-work.js';
import { StoreWork } from '../work/store-work.js';
import { FindMissed } from './find-missed.js';
import { WaitGapsRepository, type WaitGap } from './wait-gaps.repository.js';

const AT_ONCE = 100;

/**
 * Brings runs that began to wait what was handled before they were there. A starting event that comes to a router a second time, as the first
 * one was killed, comes late: what the run waits for may have come and gone.
 */
@Injectable()
export class CloseGaps {
  readonly #log = new Logger('waits');

  constructor(
    private readonly database: Database,
    private readonly gaps: WaitGapsRepository,
    private readonly missed: FindMissed,
    private readonly gather: GatherWork,
    private readonly move: MoveRun,
    private readonly store: StoreWork,
    private readonly afterCommit: AfterCommit,
  ) {}

  /** Of these runs, once they are committed. Never rejects: what is left open the sweep closes. */
  async run(runs: readonly string[]): Promise<void> {
    if (runs.length > 0) await this.#close(() => this.gaps.of(this.database, runs));
  }

  /** Those of routers that were killed, or had no broker. Never rejects. */
  async sweep(): Promise<void> {
    await this.#close(() => this.gaps.left(this.database, AT_ONCE));
  }

  async #close(find: () => Promise<WaitGap[]>): Promise<void> {
    try {
      const gaps = await find();
      if (gaps.length === 0) return;
      const missed = await this.missed.run(gaps);
      await this.gaps.drop(this.database, gaps.map(({ run }) => run).filter((run) => !missed.has(run)));
      for (const [run, events] of missed) await this.#bring(run, events);
    } catch (error) {
      this.#log.warn({ reason: messageOf(error) }, 'gap.left-open');
    }
  }

  async #bring(run: string, events: readonly EventContext[]): Promise<void> {
    const stored = await this.database.transaction(async (tx) => {
      const set = await this.gather.run(tx, needs({ runs: [run] }));
      await this.move.run(set, run, events.map((event) => ({ kind: 'event', event })), { id: events[0]!.id });
      await this.gaps.drop(tx, [run]);
      return this.store.run(tx, set);
    });
    this.#log.log({ run, events: events.map(({ id }) => id) }, 'gap.closed');
    await this.afterCommit.run(stored);
  }
}
