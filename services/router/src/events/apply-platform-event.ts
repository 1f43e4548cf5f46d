import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { EventContext } from '@stellwerk/flows';
import { CommandsRepository } from '../runs/commands.repository.js';
import { MoveRun, type Cause } from '../runs/move-run.js';
import { PlatformRunsRepository } from '../runs/platform-runs.repository.js';
import { platformRunState } from './platform-run-state.js';

/** Moves the runs of ours that wait for a platform's run. */
@Injectable()
export class ApplyPlatformEvent {
  constructor(
    private readonly platformRuns: PlatformRunsRepository,
    private readonly commands: CommandsRepository,
    private readonly move: MoveRun,
  ) {}

  async run(tx: Queryable, event: EventContext, cause: Cause): Promise<void> {
    const state = platformRunState(event);
    if (!state) return;
    await this.platformRuns.tell(tx, state);
    if (state.correlation !== undefined) await this.commands.nameRun(tx, state.correlation, state.key);
    for (const run of await this.commands.runsBehind(tx, state.key, state.correlation)) {
      await this.move.run(tx, run, [{ kind: 'platform-run', state }], cause);
    }
  }
}
