import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { keysOfUnknown, type PlanInput } from '@stellwerk/flows';
import { PlatformRunsRepository } from '../runs/platform-runs.repository.js';
import { GatherWork, needs } from '../work/gather-work.js';
import type { WorkingSet } from '../work/working-set.js';

export type Order = Extract<PlanInput, { kind: 'cancel' | 'resolve' | 'resend' | 'vote' | 'retry' | 'rollback' }>;

/** Locks and reads what an order has to do with. */
@Injectable()
export class GatherOrder {
  constructor(
    private readonly gather: GatherWork,
    private readonly platformRuns: PlatformRunsRepository,
  ) {}

  /** Gives the order, and with a retry what platforms told of UNKNOWN steps after the run's end. */
  async run(tx: Queryable, id: string, order: Order): Promise<{ set: WorkingSet; inputs: PlanInput[] }> {
    const set = await this.gather.run(tx, needs({ runs: [id] }));
    const run = order.kind === 'retry' ? set.runs.get(id) : undefined;
    // Whoever tells more of them now waits for our lock on the run, and finds it going on.
    const told = run ? await this.platformRuns.find(tx, keysOfUnknown(run)) : [];
    return { set, inputs: [order, ...told.map((state) => ({ kind: 'platform-run', state }) as const)] };
  }
}
