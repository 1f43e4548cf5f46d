import { Injectable } from '@nestjs/common';
import { runId } from '@stellwerk/contracts';
import { Resources } from '@stellwerk/config';
import type { Queryable } from '@stellwerk/database';
import { startRun, type EventContext, type Flow, type Trigger } from '@stellwerk/flows';
import { SpanKind, inSpan, traceHeaders } from '@stellwerk/service-kit';
import { chainAfter } from './circles.js';
import type { CausingRun } from './commands.repository.js';
import { FlowRevisionsRepository } from './flow-revisions.repository.js';
import { LoadFacts } from './load-facts.js';
import { RunsRepository } from './runs.repository.js';
import { connectionsOf, reportTargets } from './start-options.js';
import { StoreEffects } from './store-effects.js';

/** A flow and the trigger that took the event. */
export interface Match {
  flow: Flow;
  trigger: Trigger;
}

export interface StartCause {
  /** Id of the message that told it. */
  id: string;
  event: EventContext;
  /** The run that caused the event, when it was one of ours. */
  behind?: CausingRun;
}

/** Starts the run of one match, once for ever: whoever comes second finds its id taken. */
@Injectable()
export class StartRun {
  constructor(
    private readonly resources: Resources,
    private readonly runs: RunsRepository,
    private readonly revisions: FlowRevisionsRepository,
    private readonly facts: LoadFacts,
    private readonly effects: StoreEffects,
  ) {}

  async run(tx: Queryable, { flow, trigger }: Match, cause: StartCause): Promise<void> {
    const id = runId(flow.name, trigger.index, cause.event.fact);
    const attributes = { 'stellwerk.run': id, 'stellwerk.flow': flow.name, 'stellwerk.cause': cause.id };
    await inSpan(`start run ${flow.name}`, { kind: SpanKind.INTERNAL, attributes }, () => this.#start(tx, id, { flow, trigger }, cause));
  }

  async #start(tx: Queryable, id: string, { flow, trigger }: Match, { id: cause, event, behind }: StartCause): Promise<void> {
    const resources = this.resources.current();
    const plan = startRun({
      id, flow, trigger, event, chain: chainAfter(behind), connections: connectionsOf(flow, resources),
      reportTo: reportTargets(flow, event, resources), traceparent: traceHeaders().traceparent,
    }, await this.facts.run(tx, flow, id));
    await this.revisions.keep(tx, flow);
    if (await this.runs.insert(tx, plan.run)) await this.effects.run(tx, { run: plan.run, flow, effects: plan.effects, cause });
  }
}
