import { Injectable } from '@nestjs/common';
import { inSpan, isolated } from '@stellwerk/service-kit';
import { BeginFlows } from '../events/begin-flows.js';
import { MatchFlows } from '../events/match-flows.js';
import type { WorkingSet } from '../work/working-set.js';
import type { HeldEvent } from './held-events.repository.js';

/** Starts the flows that released events match, each in the trace it came in. */
@Injectable()
export class BeginHeld {
  constructor(
    private readonly match: MatchFlows,
    private readonly begin: BeginFlows,
  ) {}

  async run(set: WorkingSet, free: readonly HeldEvent[]): Promise<void> {
    const matches = await this.match.run(free.map(({ event }) => event));
    for (const [at, { event, trace }] of free.entries()) {
      await isolated(trace, () => inSpan('release held event', {}, () => this.begin.now(set, event, matches[at]!, { id: event.id, trace })));
    }
  }
}
