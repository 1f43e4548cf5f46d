import { Injectable } from '@nestjs/common';
import type { Found } from '@stellwerk/flows';
import { RetryableError } from '@stellwerk/service-kit';
import type { Cause } from '../runs/move-run.js';
import { StartRun } from '../runs/start-run.js';
import type { WorkingSet } from '../work/working-set.js';
import type { Heard } from './read-event.js';

/** Starts the flow that a person asked for. */
@Injectable()
export class BeginRequested {
  constructor(private readonly start: StartRun) {}

  /** Status knew the flow when it took the order: here it may be known a moment later. Never at all is a dead letter, which can be replayed. */
  async run(set: WorkingSet, { request, event }: Extract<Heard, { kind: 'request' }>, { starts: [match] }: Found, cause: Cause): Promise<void> {
    if (!match) throw new RetryableError(`flow ${request.flow}, which ${request.by} wants to start, is not known to this router`);
    await this.start.run(set, match, { id: cause.id, event, inputs: request.inputs });
  }
}
