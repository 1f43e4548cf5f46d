import { Injectable } from '@nestjs/common';
import type { OrderReply } from '@stellwerk/contracts';
import { Database, type Queryable } from '@stellwerk/database';
import type { Plan, PlanInput } from '@stellwerk/flows';
import type { TraceHeaders } from '@stellwerk/service-kit';
import { MoveRun } from '../runs/move-run.js';
import { AfterCommit } from '../work/after-commit.js';
import { GatherWork, needs } from '../work/gather-work.js';
import { StoreWork, type Stored } from '../work/store-work.js';

export type Order = Extract<PlanInput, { kind: 'cancel' | 'resolve' | 'resend' }>;

/** Carries out a person's order on one run. */
@Injectable()
export class OrderRun {
  constructor(
    private readonly database: Database,
    private readonly gather: GatherWork,
    private readonly move: MoveRun,
    private readonly store: StoreWork,
    private readonly afterCommit: AfterCommit,
  ) {}

  async run(id: string, order: Order, trace: TraceHeaders): Promise<OrderReply> {
    const { plan, stored } = await this.database.transaction((tx) => this.#carryOut(tx, id, order, trace));
    if (!plan) return { ok: false, status: 404, detail: `there is no run ${id}` };
    if (plan.refusal) return { ok: false, status: 409, detail: plan.refusal.detail };
    await this.afterCommit.run(stored);
    return { ok: true, status: 202, detail: `the run is ${plan.run.state}` };
  }

  async #carryOut(tx: Queryable, id: string, order: Order, trace: TraceHeaders): Promise<{ plan?: Plan; stored: Stored }> {
    const set = await this.gather.run(tx, needs({ runs: [id] }));
    const plan = await this.move.run(set, id, [order], { id: `${id}:order:${order.kind}`, trace });
    return { plan, stored: await this.store.run(tx, set) };
  }
}
