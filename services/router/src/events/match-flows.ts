import { Injectable } from '@nestjs/common';
import { BY_HAND } from '@stellwerk/contracts';
import { Resources } from '@stellwerk/config';
import { FlowIndex, type EventContext, type FlowMatch, type ResourceSet, type Trigger } from '@stellwerk/flows';
import { FlowRevisionsRepository } from '../runs/flow-revisions.repository.js';

/** In the place of a trigger. Nothing can be its own result here: a person is between. */
const STARTED_BY_HAND: Trigger = { index: BY_HAND, event: ['run.requested'], forks: false, allowCircle: true };

/** Which flows an event starts, by the resources in force. */
@Injectable()
export class MatchFlows {
  #of?: ResourceSet;
  #index = new FlowIndex([]);

  constructor(
    private readonly resources: Resources,
    private readonly revisions: FlowRevisionsRepository,
  ) {}

  /**
   * For each event its matches, by name of the flow; their revisions are kept, so that runs of them may start. `byHand`: at the same place
   * the flow that a person wants to start, which needs no trigger.
   */
  async run(events: readonly (EventContext | undefined)[], byHand: readonly (string | undefined)[] = []): Promise<FlowMatch[][]> {
    const index = this.#current();
    const matches = events.map((event, at) => (event ? index.match(event) : this.#named(byHand[at])));
    await this.revisions.keep([...new Set(matches.flat().map(({ flow }) => flow))]);
    return matches;
  }

  #named(name: string | undefined): FlowMatch[] {
    const { flows } = this.resources.current();
    return name !== undefined && Object.hasOwn(flows, name) ? [{ flow: flows[name]!, trigger: STARTED_BY_HAND }] : [];
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
