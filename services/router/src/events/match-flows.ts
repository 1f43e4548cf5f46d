import { Injectable } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import { FlowIndex, type EventContext, type Flow, type Found, type ResourceSet } from '@stellwerk/flows';
import { FlowRevisionsRepository } from '../runs/flow-revisions.repository.js';

const NOTHING: Found = { starts: [], parts: [], absences: [] };

/** What events mean to flows, by the resources in force. */
@Injectable()
export class MatchFlows {
  #of?: ResourceSet;
  #index = new FlowIndex([]);

  constructor(
    private readonly resources: Resources,
    private readonly revisions: FlowRevisionsRepository,
  ) {}

  /** For each event what it means to flows; the revisions of those it may start are kept, so that they may. */
  async run(events: readonly (EventContext | undefined)[]): Promise<Found[]> {
    const index = this.#current();
    const found = events.map((event) => (event ? index.find(event) : NOTHING));
    await this.revisions.keep([...new Set(found.flatMap(({ starts, parts }): Flow[] => [...starts, ...parts].map(({ flow }) => flow)))]);
    return found;
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
