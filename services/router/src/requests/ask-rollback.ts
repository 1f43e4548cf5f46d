import { Injectable } from '@nestjs/common';
import type { OrderReply } from '@stellwerk/contracts';
import { Database } from '@stellwerk/database';
import { planRollback } from '@stellwerk/flows';
import { FlowRevisionsRepository } from '../runs/flow-revisions.repository.js';
import { LoadFacts } from '../runs/load-facts.js';
import { RunsRepository } from '../runs/runs.repository.js';

/** Says what a rollback of a run would do now, and does nothing. */
@Injectable()
export class AskRollback {
  constructor(
    private readonly database: Database,
    private readonly runs: RunsRepository,
    private readonly revisions: FlowRevisionsRepository,
    private readonly facts: LoadFacts,
  ) {}

  /** Undefined when there is no such run. */
  async run(id: string): Promise<OrderReply | undefined> {
    return this.database.transaction(async (tx) => {
      const run = await this.runs.find(tx, id);
      if (!run) return undefined;
      if (run.state === 'rolling-back') return { ok: false, status: 409, detail: 'the run is rolling back already' };
      const flow = await this.revisions.get(tx, run.flow, run.revision);
      const plan = planRollback(run, flow, await this.facts.run(tx, flow, id));
      return { ok: true, status: 200, detail: `the run is ${run.state}`, plan };
    });
  }
}
