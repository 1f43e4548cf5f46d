import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { awaitedTemplates, keysOfUnknown, type PlanInput, type RunRecord } from '@stellwerk/flows';
import { FlowRevisionsRepository } from '../runs/flow-revisions.repository.js';
import { PlatformRunsRepository } from '../runs/platform-runs.repository.js';
import { GatherWork, needs } from '../work/gather-work.js';
import { EventWaitsRepository } from '../waits/event-waits.repository.js';
import type { WorkingSet } from '../work/working-set.js';

export type Order = Extract<PlanInput, { kind: 'cancel' | 'resolve' | 'resend' | 'vote' | 'retry' | 'rollback' }>;

/** Locks and reads what an order has to do with. */
@Injectable()
export class GatherOrder {
  constructor(
    private readonly gather: GatherWork,
    private readonly platformRuns: PlatformRunsRepository,
    private readonly revisions: FlowRevisionsRepository,
    private readonly waits: EventWaitsRepository,
  ) {}

  /** Gives the order, and with a retry what platforms told of UNKNOWN steps after the run's end. */
  async run(tx: Queryable, id: string, order: Order): Promise<{ set: WorkingSet; inputs: PlanInput[] }> {
    const set = await this.gather.run(tx, needs({ runs: [id] }));
    const run = order.kind === 'retry' ? set.runs.get(id) : undefined;
    // Whoever tells more of them now waits for our lock on the run, and finds it going on.
    const told = run ? await this.platformRuns.find(tx, keysOfUnknown(run)) : [];
    if (run) await this.#waitAgain(tx, run);
    return { set, inputs: [order, ...told.map((state) => ({ kind: 'platform-run', state }) as const)] };
  }

  /** Since the run started, what its events are looked up by may have been deleted. */
  async #waitAgain(tx: Queryable, run: RunRecord): Promise<void> {
    await this.waits.want(tx, awaitedTemplates(await this.revisions.get(tx, run.flow, run.revision)));
  }
}
