import { Injectable } from '@nestjs/common';
import type { TriggerResult } from '@stellwerk/contracts';
import type { Queryable } from '@stellwerk/database';
import type { PlanInput } from '@stellwerk/flows';
import { RouterMetrics } from '../router.metrics.js';
import { CommandsRepository, type SettledCommand } from '../runs/commands.repository.js';
import { MoveRun, type Cause } from '../runs/move-run.js';
import { PlatformRunsRepository } from '../runs/platform-runs.repository.js';

export type Verdict = 'accepted' | 'rejected' | 'unknown';

/** A connector's answer to one of our commands. */
@Injectable()
export class ApplyTriggerResult {
  constructor(
    private readonly platformRuns: PlatformRunsRepository,
    private readonly commands: CommandsRepository,
    private readonly move: MoveRun,
    private readonly metrics: RouterMetrics,
  ) {}

  /** Gives the command it settled. The platform's run may have been heard of, even to its end, before we learn here that it is ours. */
  async run(tx: Queryable, verdict: Verdict, result: TriggerResult, cause: Cause): Promise<SettledCommand | undefined> {
    const followed = verdict === 'accepted' && (result.purpose === 'run' || result.purpose === 'rollback');
    const key = followed ? result.platformRunKey : undefined;
    const known = key === undefined ? undefined : await this.platformRuns.lock(tx, key);
    const inputs: PlanInput[] = [{ kind: verdict, result }, ...(known ? [{ kind: 'platform-run', state: known } as const] : [])];
    await this.move.run(tx, result.run, inputs, cause);
    const settled = await this.commands.settle(tx, result.command, verdict, { key, reason: result.reason });
    if (settled) this.metrics.commands.inc({ purpose: settled.purpose, state: verdict });
    return settled;
  }
}
