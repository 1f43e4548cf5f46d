import { Injectable } from '@nestjs/common';
import type { OrderReply } from '@stellwerk/contracts';
import { Database } from '@stellwerk/database';
import type { PlanInput } from '@stellwerk/flows';
import type { TraceHeaders } from '@stellwerk/service-kit';
import { Outbox } from '../outbox/outbox.module.js';
import { MoveRun } from '../runs/move-run.js';

export type Order = Extract<PlanInput, { kind: 'cancel' | 'resolve' }>;

/** Carries out a person's order on one run. */
@Injectable()
export class OrderRun {
  constructor(
    private readonly database: Database,
    private readonly move: MoveRun,
    private readonly outbox: Outbox,
  ) {}

  async run(id: string, order: Order, trace: TraceHeaders): Promise<OrderReply> {
    const plan = await this.database.transaction((tx) => this.move.run(tx, id, [order], { id: `${id}:order:${order.kind}`, trace }));
    if (!plan) return { ok: false, status: 404, detail: `there is no run ${id}` };
    if (plan.refusal) return { ok: false, status: 409, detail: plan.refusal.detail };
    await this.outbox.flush();
    return { ok: true, status: 202, detail: `the run is ${plan.run.state}` };
  }
}
