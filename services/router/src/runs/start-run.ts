import { Injectable } from '@nestjs/common';
import { runId } from '@stellwerk/contracts';
import { Resources } from '@stellwerk/config';
import { entryOfStart, startRun, type EventContext, type FlowMatch, type JoinCause } from '@stellwerk/flows';
import { SpanKind, inSpan, traceHeaders } from '@stellwerk/service-kit';
import { AskSlots } from '../slots/ask-slots.js';
import type { WorkingSet } from '../work/working-set.js';
import { chainAfter, type Behind } from './circles.js';
import { LoadFacts } from './load-facts.js';
import { NoteEffects } from './note-effects.js';
import { connectionsOf, reportTargets } from './start-options.js';
import { WatchMoves } from './watch-moves.js';

export interface StartCause {
  /** Id of the message that told it. */
  id: string;
  event: EventContext;
  /** As a person gave them who started it by hand. */
  inputs?: Record<string, unknown>;
  /** The runs of ours that caused the event, if any. */
  behind?: readonly Behind[];
  /** Of a join: what its round starts the run with. */
  joined?: JoinCause;
}

/** Starts the run of one match, once for ever: whoever comes second finds its id taken. */
@Injectable()
export class StartRun {
  constructor(
    private readonly resources: Resources,
    private readonly facts: LoadFacts,
    private readonly effects: NoteEffects,
    private readonly slots: AskSlots,
    private readonly moves: WatchMoves,
  ) {}

  /** Gives the id of the run, whoever has started it. */
  async run(set: WorkingSet, match: FlowMatch, cause: StartCause): Promise<string> {
    const id = runId(match.flow.name, match.trigger.index, cause.joined?.fact ?? cause.event.fact);
    const attributes = { 'stellwerk.run': id, 'stellwerk.flow': match.flow.name, 'stellwerk.cause': cause.id };
    await inSpan(`start run ${match.flow.name}`, { kind: SpanKind.INTERNAL, attributes }, () => this.#start(set, id, match, cause));
    return id;
  }

  async #start(set: WorkingSet, id: string, { flow, trigger }: FlowMatch, { id: cause, event, inputs, behind, joined }: StartCause): Promise<void> {
    const resources = this.resources.current();
    const facts = await this.facts.run(set.tx, flow, id);
    const start = {
      id, flow, trigger, event, events: joined?.events, cause: joined?.fact, inputs, chain: joined?.chain ?? chainAfter(behind ?? []), connections: connectionsOf(flow, resources),
      reportTo: reportTargets(flow, joined ? Object.values(joined.events) : [event], resources), traceparent: traceHeaders().traceparent,
    };
    const plan = await this.moves.run({ run: id, flow: flow.name, cause }, () => this.slots.plan(set, (slots) => startRun(start, { ...facts, slots })));
    if (!set.runs.start(plan.run)) return;
    set.history.push({ run: id, entry: entryOfStart(plan, { inputs, reportTo: start.reportTo }, cause) });
    await this.effects.run(set, { run: plan.run, flow, effects: plan.effects, cause });
  }
}
