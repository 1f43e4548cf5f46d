import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { StoreAwayError } from '@stellwerk/service-kit';
import { MoveRun } from '../runs/move-run.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { TimersRepository } from './timers.repository.js';

const AT_ONCE = 100;
const AGAIN_MS = 30_000;

/** Lets due clocks of runs strike; replicas share the work, as each takes only runs that are free. */
@Injectable()
export class FireTimers {
  readonly #log = new Logger('timers');

  constructor(
    private readonly database: Database,
    private readonly timers: TimersRepository,
    private readonly runs: RunsRepository,
    private readonly move: MoveRun,
  ) {}

  /** True when something may be in the outbox now. */
  async run(now: Date = new Date()): Promise<boolean> {
    let fired = false;
    for (const run of await this.timers.dueRuns(this.database, now, AT_ONCE)) fired = (await this.#apart(run, now)) || fired;
    return fired;
  }

  /** A run that cannot be moved must not hold up the clocks of all others. */
  async #apart(run: string, now: Date): Promise<boolean> {
    try {
      return await this.#one(run, now);
    } catch (error) {
      if (error instanceof StoreAwayError) throw error;
      this.#log.error({ run, err: error }, 'timer.failed');
      await this.timers.postpone(this.database, run, now, new Date(now.getTime() + AGAIN_MS));
      return false;
    }
  }

  async #one(id: string, now: Date): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const run = await this.runs.lockIfFree(tx, id);
      const due = run ? await this.timers.takeDue(tx, id, now) : [];
      if (!run || due.length === 0) return false;
      await this.move.moveLocked(tx, run, due.map((timer) => ({ kind: 'timer', timer })), { id: `${id}:timer` });
      return true;
    });
  }
}
