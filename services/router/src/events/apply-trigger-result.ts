import { Injectable } from '@nestjs/common';
import type { TriggerResult } from '@stellwerk/contracts';
import type { PlanInput } from '@stellwerk/flows';
import { MoveRun, type Cause } from '../runs/move-run.js';
import { withEnd, type Repeats } from '../runs/repeats.js';
import type { WorkingSet } from '../work/working-set.js';

export type Verdict = 'accepted' | 'rejected' | 'unknown' | 'delayed';

/** The key of the platform's run that an answer names, if its end is to be told by the platform. */
export const followedKey = (verdict: Verdict, result: TriggerResult): string | undefined =>
  verdict === 'accepted' && (result.purpose === 'run' || result.purpose === 'rollback') ? result.platformRunKey : undefined;

/** A connector's answer to one of our commands. */
@Injectable()
export class ApplyTriggerResult {
  constructor(private readonly move: MoveRun) {}

  /** The platform's run may have been heard of, even to its end, before we learn here that it is ours. */
  async run(set: WorkingSet, verdict: Verdict, result: TriggerResult, cause: Cause): Promise<void> {
    const key = followedKey(verdict, result);
    const known = key === undefined ? undefined : set.platformRuns.get(key);
    const inputs: PlanInput[] = [{ kind: verdict, result }, ...(known ? [{ kind: 'platform-run', state: known } as const] : [])];
    await this.move.run(set, result.run, inputs, cause);
    // Why it takes so long is for the step alone: the command is as open as before.
    if (verdict === 'delayed') return;
    set.free(set.commands.settle(result.command, verdict, { key, repeats: repeatsAsKnown(set, result), reason: result.reason }), verdict);
  }
}

/** The run may have come to its next end before we learn here that we set it going again. */
const repeatsAsKnown = (set: WorkingSet, { repeats }: TriggerResult): Repeats | undefined => {
  const known = repeats && set.platformRuns.get(repeats.key);
  return known ? (withEnd(repeats, known) ?? repeats) : repeats;
};
