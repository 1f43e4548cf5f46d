import { Injectable } from '@nestjs/common';
import type { Found } from '@stellwerk/flows';
import { inSpan, isolated } from '@stellwerk/service-kit';
import { BeginFlows } from '../events/begin-flows.js';
import { MatchFlows } from '../events/match-flows.js';
import type { WorkingSet } from '../work/working-set.js';
import type { HeldEvent } from './held-events.repository.js';

export interface MatchedHeld extends HeldEvent {
  matches: Found;
}

/** Lets released events mean to flows what they do, each in the trace it came in. */
@Injectable()
export class BeginHeld {
  constructor(
    private readonly match: MatchFlows,
    private readonly begin: BeginFlows,
  ) {}

  /** By the flows as they are now, not as they were when the events came. */
  async matched(held: readonly HeldEvent[]): Promise<MatchedHeld[]> {
    const matches = await this.match.run(held.map(({ event }) => event));
    return held.map((one, at) => ({ ...one, matches: matches[at]! }));
  }

  async run(set: WorkingSet, free: readonly MatchedHeld[]): Promise<void> {
    for (const { event, trace, matches } of free) {
      await isolated(trace, () => inSpan('release held event', {}, () => this.begin.now(set, event, matches, { id: event.id, trace })));
    }
  }
}
