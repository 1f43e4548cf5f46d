import { Injectable } from '@nestjs/common';
import type { EventContext } from '@stellwerk/flows';
import { MoveRun, type Cause } from '../runs/move-run.js';
import type { WorkingSet } from '../work/working-set.js';

/** Brings an event of a platform to the runs that wait for it. */
@Injectable()
export class BringEvent {
  constructor(private readonly move: MoveRun) {}

  async run(set: WorkingSet, event: EventContext, cause: Cause): Promise<void> {
    for (const run of set.waits.for(event)) await this.move.run(set, run, [{ kind: 'event', event }], cause);
  }
}
