import { Injectable } from '@nestjs/common';
import type { OrderReply } from '@stellwerk/contracts';
import { Database, type Queryable } from '@stellwerk/database';
import type { Plan } from '@stellwerk/flows';
import { failpoint, type TraceHeaders } from '@stellwerk/service-kit';
import { MoveRun } from '../runs/move-run.js';
import { AfterCommit } from '../work/after-commit.js';
import { StoreWork, type Stored } from '../work/store-work.js';
import { doneBy } from './done-by.js';
import { GatherOrder, type Order } from './gather-order.js';

/** Carries out a person's order on one run. */
@Injectable()
export class OrderRun {
  constructor(
    private readonly database: Database,
    private readonly gather: GatherOrder,
    private readonly move: MoveRun,
    private readonly store: StoreWork,
    private readonly afterCommit: AfterCommit,
  ) {}

  /** Undefined when there is no such run. */
  async run(id: string, order: Order, trace: TraceHeaders): Promise<OrderReply | undefined> {
    const { plan, stored } = await this.database.transaction((tx) => this.#carryOut(tx, id, order, trace));
    failpoint('router.order-committed');
    if (!plan) return undefined;
    if (plan.refusal) return { ok: false, status: plan.refusal.status ?? 409, detail: plan.refusal.detail };
    await this.afterCommit.run(stored);
    return { ok: true, status: 202, detail: doneBy(order, plan) };
  }

  async #carryOut(tx: Queryable, id: string, order: Order, trace: TraceHeaders): Promise<{ plan?: Plan; stored: Stored }> {
    const { set, inputs } = await this.gather.run(tx, id, order);
    const plan = await this.move.run(set, id, inputs, { id: `${id}:order:${order.kind}`, trace });
    const stored = await this.store.run(tx, set);
    failpoint('router.order-planned');
    return { plan, stored };
  }
}
