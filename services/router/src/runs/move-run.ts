import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { advance, type Plan, type PlanInput, type RunRecord } from '@stellwerk/flows';
import { SpanKind, inSpan, type TraceHeaders } from '@stellwerk/service-kit';
import { FlowRevisionsRepository } from './flow-revisions.repository.js';
import { LoadFacts } from './load-facts.js';
import { RunsRepository } from './runs.repository.js';
import { StoreEffects } from './store-effects.js';

/** What made a run move: the message's id, and the trace it came in. */
export interface Cause {
  id: string;
  trace?: TraceHeaders;
}

/** Lets something happen to a run: lock, plan, write down. */
@Injectable()
export class MoveRun {
  constructor(
    private readonly runs: RunsRepository,
    private readonly revisions: FlowRevisionsRepository,
    private readonly facts: LoadFacts,
    private readonly effects: StoreEffects,
  ) {}

  /** Undefined when there is no such run. */
  async run(tx: Queryable, id: string, inputs: readonly PlanInput[], cause: Cause): Promise<Plan | undefined> {
    const record = await this.runs.lock(tx, id);
    return record && this.moveLocked(tx, record, inputs, cause);
  }

  /** For a run that this transaction has locked. All that follows belongs to the trace in which the run started. */
  async moveLocked(tx: Queryable, record: RunRecord, inputs: readonly PlanInput[], cause: Cause): Promise<Plan> {
    const parent = record.traceparent === undefined ? undefined : { traceparent: record.traceparent };
    const links = parent && cause.trace ? [cause.trace] : [];
    const attributes = { 'stellwerk.run': record.id, 'stellwerk.flow': record.flow, 'stellwerk.cause': cause.id };
    return inSpan(`move run ${record.flow}`, { kind: SpanKind.INTERNAL, parent, links, attributes }, () => this.#move(tx, record, inputs, cause.id));
  }

  async #move(tx: Queryable, record: RunRecord, inputs: readonly PlanInput[], cause: string): Promise<Plan> {
    const flow = await this.revisions.get(tx, record.flow, record.revision);
    const plan = advance(record, flow, inputs, await this.facts.run(tx, flow, record.id));
    if (plan.refusal) return plan;
    await this.runs.update(tx, plan.run);
    await this.effects.run(tx, { run: plan.run, flow, effects: plan.effects, cause });
    return plan;
  }
}
