import { Injectable } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import { FlowIndex, type EventContext, type FlowMatch, type ResourceSet } from '@stellwerk/flows';
import { FlowRevisionsRepository } from '../runs/flow-revisions.repository.js';

/** Which flows an event starts, by the resources in force. */
@Injectable()
export class MatchFlows {
  #of?: ResourceSet;
  #index = new FlowIndex([]);

  constructor(
    private readonly resources: Resources,
    private readonly revisions: FlowRevisionsRepository,
  ) {}

  /** For each event its matches, by name of the flow; their revisions are kept, so that runs of them may start. */
  async run(events: readonly (EventContext | undefined)[]): Promise<FlowMatch[][]> {
    const index = this.#current();
    const matches = events.map((event) => (event ? index.match(event) : []));
    await this.revisions.keep([...new Set(matches.flat().map(({ flow }) => flow))]);
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
