import { Injectable } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import { FlowIndex, awaitedTemplates, type EventContext, type FlowMatch, type ResourceSet } from '@stellwerk/flows';
import { FlowRevisionsRepository } from '../runs/flow-revisions.repository.js';
import { EventWaitsRepository } from '../waits/event-waits.repository.js';

/** Which flows an event starts, by the resources in force. */
@Injectable()
export class MatchFlows {
  #of?: ResourceSet;
  #index = new FlowIndex([]);

  constructor(
    private readonly resources: Resources,
    private readonly revisions: FlowRevisionsRepository,
    private readonly waits: EventWaitsRepository,
  ) {}

  /** For each event its matches, by name of the flow; their revisions are kept, so that runs of them may start, and what keys of events they wait for are made by. */
  async run(events: readonly (EventContext | undefined)[]): Promise<FlowMatch[][]> {
    const index = this.#current();
    const matches = events.map((event) => (event ? index.match(event) : []));
    const flows = [...new Set(matches.flat().map(({ flow }) => flow))];
    await Promise.all([this.revisions.keep(flows), this.waits.keepTemplates(flows.flatMap(awaitedTemplates))]);
    return matches;
  }

  #current(): FlowIndex {
    const set = this.resources.current();
    if (set !== this.#of) {
      this.#index = new FlowIndex(Object.values(set.flows));
      this.#of = set;
    }
    return this.#index;
  }
}
