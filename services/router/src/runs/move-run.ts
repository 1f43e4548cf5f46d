import { Injectable } from '@nestjs/common';
import { advance, entriesOfMove, hasMoved, type Plan, type PlanInput, type RunRecord } from '@stellwerk/flows';
import { SpanKind, inSpan, type TraceHeaders } from '@stellwerk/service-kit';
import { AskSlots } from '../slots/ask-slots.js';
import type { WorkingSet } from '../work/working-set.js';
import { FlowRevisionsRepository } from './flow-revisions.repository.js';
import { LoadFacts } from './load-facts.js';
import { NoteEffects } from './note-effects.js';
import { WatchMoves } from './watch-moves.js';

/** What made a run move: the message's id, and the trace it came in. */
export interface Cause {
  id: string;
  trace?: TraceHeaders;
}

/** Lets something happen to a run at hand: plan, and note what follows. */
@Injectable()
export class MoveRun {
  constructor(
    private readonly revisions: FlowRevisionsRepository,
    private readonly facts: LoadFacts,
    private readonly effects: NoteEffects,
    private readonly slots: AskSlots,
    private readonly moves: WatchMoves,
  ) {}

  /** Undefined when there is no such run. All that follows belongs to the trace in which the run started. */
  async run(set: WorkingSet, id: string, inputs: readonly PlanInput[], cause: Cause): Promise<Plan | undefined> {
    const record = set.runs.get(id);
    if (!record) return undefined;
    const parent = record.traceparent === undefined ? undefined : { traceparent: record.traceparent };
    const links = parent && cause.trace ? [cause.trace] : [];
    const attributes = { 'stellwerk.run': id, 'stellwerk.flow': record.flow, 'stellwerk.cause': cause.id };
    return inSpan(`move run ${record.flow}`, { kind: SpanKind.INTERNAL, parent, links, attributes }, () => this.#move(set, record, inputs, cause.id));
  }

  async #move(set: WorkingSet, record: RunRecord, inputs: readonly PlanInput[], cause: string): Promise<Plan> {
    const flow = await this.revisions.get(set.tx, record.flow, record.revision);
    const facts = await this.facts.run(set.tx, flow, record.id);
    const plan = await this.moves.run({ run: record.id, flow: record.flow, cause },
      () => this.slots.plan(set, (slots) => advance(record, flow, inputs, { ...facts, slots })));
    if (plan.refusal) return plan;
    // An event that a run does not take is asked of many: nothing is written for it.
    if (hasMoved(record, plan)) {
      set.runs.change(plan.run);
      for (const entry of entriesOfMove(record, plan, inputs, cause)) set.history.push({ run: record.id, entry });
    }
    await this.effects.run(set, { run: plan.run, flow, effects: plan.effects, cause });
    return plan;
  }
}
