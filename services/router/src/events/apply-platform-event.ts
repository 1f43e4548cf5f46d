import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { EventContext } from '@stellwerk/flows';
import { CommandsRepository, type SettledCommand } from '../runs/commands.repository.js';
import { MoveRun, type Cause } from '../runs/move-run.js';
import { PlatformRunsRepository } from '../runs/platform-runs.repository.js';
import { platformRunState } from './platform-run-state.js';

/** Moves the runs of ours that wait for a platform's run. Gives the command that the platform's echo settled, if any. */
@Injectable()
export class ApplyPlatformEvent {
  constructor(
    private readonly platformRuns: PlatformRunsRepository,
    private readonly commands: CommandsRepository,
    private readonly move: MoveRun,
  ) {}

  async run(tx: Queryable, event: EventContext, cause: Cause): Promise<SettledCommand | undefined> {
    const state = platformRunState(event);
    if (!state) return undefined;
    await this.platformRuns.tell(tx, state);
    const settled = state.correlation === undefined ? undefined : await this.commands.echoed(tx, state.correlation, state.key);
    for (const run of await this.commands.runsBehind(tx, state.key, state.correlation)) {
      await this.move.run(tx, run, [{ kind: 'platform-run', state }], cause);
    }
    return settled;
  }
}
