import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { failpoint } from '@stellwerk/service-kit';
import { MoveRun } from '../runs/move-run.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { StoreWork, type Stored } from '../work/store-work.js';
import { WorkingSet } from '../work/working-set.js';
import { TimersRepository, type DueAt } from './timers.repository.js';

/** Lets clocks of runs strike, in one transaction: of those runs that no other replica has. */
@Injectable()
export class FireTimers {
  constructor(
    private readonly timers: TimersRepository,
    private readonly runs: RunsRepository,
    private readonly move: MoveRun,
    private readonly store: StoreWork,
  ) {}

  async run(tx: Queryable, ids: readonly string[], at: DueAt): Promise<Stored> {
    const set = new WorkingSet(tx);
    const free = await this.runs.lockFree(tx, ids);
    set.runs.load(free);
    const due = Map.groupBy(await this.timers.takeDue(tx, free.map(({ id }) => id), at), ({ run }) => run);
    for (const [run, timers] of due) await this.move.run(set, run, timers.map(({ timer }) => ({ kind: 'timer', timer })), { id: `${run}:timer` });
    const stored = await this.store.run(tx, set);
    if (due.size > 0) failpoint('router.timer-before-commit');
    return stored;
  }
}
