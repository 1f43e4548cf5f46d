import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { SetTimer } from '../work/working-set.js';
import { TimersRepository } from './timers.repository.js';

type Change = SetTimer | { run: string; key: string };

const isSet = (change: Change): change is SetTimer => 'timer' in change;

/** Sets and clears clocks of runs. */
@Injectable()
export class StoreTimers {
  constructor(private readonly timers: TimersRepository) {}

  async run(tx: Queryable, changes: readonly Change[]): Promise<void> {
    await Promise.all([
      this.timers.set(tx, changes.filter(isSet)),
      this.timers.clear(tx, changes.filter((change) => !isSet(change))),
    ]);
  }
}
