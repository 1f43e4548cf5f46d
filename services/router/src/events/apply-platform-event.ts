import { Injectable } from '@nestjs/common';
import type { EventContext, PlatformRunState } from '@stellwerk/flows';
import { MoveRun, type Cause } from '../runs/move-run.js';
import type { WorkingSet } from '../work/working-set.js';
import { platformRunState } from './platform-run-state.js';

/** Moves the runs of ours that wait for a platform's run; the platform's echo of our id settles its command. */
@Injectable()
export class ApplyPlatformEvent {
  constructor(private readonly move: MoveRun) {}

  async run(set: WorkingSet, event: EventContext, cause: Cause): Promise<void> {
    const told = platformRunState(event);
    if (!told) return;
    const { correlation: echoed, ...rest } = told;
    const state: PlatformRunState = echoed !== undefined && set.commands.isFor(echoed, told.key) ? told : rest;
    set.platformRuns.tell(state);
    if (state.correlation !== undefined) set.free(set.commands.echoed(state.correlation, state.key), 'accepted');
    set.commands.hasEnded(state);
    const runs = new Set(set.commands.behind(state.key, state.correlation).map(({ run }) => run));
    for (const run of runs) await this.move.run(set, run, [{ kind: 'platform-run', state }], cause);
  }
}
