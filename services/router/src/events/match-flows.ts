import { Injectable } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import { FlowIndex, STARTED_BY_HAND, type EventContext, type Found, type ResourceSet } from '@stellwerk/flows';
import { KeepFlows } from '../runs/keep-flows.js';

const NOTHING: Found = { starts: [], parts: [], absences: [] };

/** What events mean to flows, by the resources in force. */
@Injectable()
export class MatchFlows {
  #of?: ResourceSet;
  #index = new FlowIndex([]);

  constructor(
    private readonly resources: Resources,
    private readonly keep: KeepFlows,
  ) {}

  /**
   * For each event what it means to flows; what runs of those it may start rely on is kept, so that they may. `byHand`: at the same place
   * the flow that a person wants to start, which needs no trigger.
   */
  async run(events: readonly (EventContext | undefined)[], byHand: readonly (string | undefined)[] = []): Promise<Found[]> {
    const index = this.#current();
    const found = events.map((event, at) => (event ? index.find(event) : this.#named(byHand[at])));
    await this.keep.run(found.flatMap(({ starts, parts }) => [...starts, ...parts].map(({ flow }) => flow)));
    return found;
  }

  #named(name: string | undefined): Found {
    const { flows } = this.resources.current();
    if (name === undefined || !Object.hasOwn(flows, name)) return NOTHING;
    return { ...NOTHING, starts: [{ flow: flows[name]!, trigger: STARTED_BY_HAND }] };
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
