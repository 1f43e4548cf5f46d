import { Injectable } from '@nestjs/common';
import { FINAL_RUN_STATES, type CloudEvent, type RunSnapshot } from '@stellwerk/contracts';
import type { Queryable } from '@stellwerk/database';
import type { ReceivedRunChanged } from './run-changed.message.js';
import { RunsRepository } from './runs.repository.js';
import { runStatusMessage, stepStatusMessage, type StatusMessage } from './status-messages.js';
import { entersState, movedSteps } from './transitions.js';

/** The end of a run that did not say when: the time of the event that told it. */
const withEnd = (run: RunSnapshot, time: string): RunSnapshot =>
  FINAL_RUN_STATES.includes(run.state) && run.finishedAt === undefined ? { ...run, finishedAt: time } : run;

/** Applies a newer version of a run; what it gives is to be told. */
@Injectable()
export class RecordRun {
  constructor(private readonly runs: RunsRepository) {}

  async run(tx: Queryable, type: string, event: CloudEvent<ReceivedRunChanged>): Promise<StatusMessage[]> {
    const run = withEnd(event.data.run, event.time);
    const previous = await this.runs.lock(tx, run.id);
    if (previous && previous.version >= run.version) return [];
    await this.runs.save(tx, run);
    const steps = movedSteps(previous, run).map((step) => stepStatusMessage(run, step, event));
    if (!entersState(previous, run, type)) return steps;
    const recovered = run.state === 'succeeded' && (await this.runs.followsFailure(tx, run));
    return [...steps, runStatusMessage({ run, previous: previous?.state, recovered, cause: event })];
  }
}
