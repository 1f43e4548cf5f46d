import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { ROUTER_CONFIG, type RouterConfig } from '../router.config.js';
import { OldRunsRepository } from './old-runs.repository.js';

/** A transaction holds locks on as many runs, which nobody else wants any more. */
const RUNS_AT_ONCE = 500;
const TEMPLATES_AT_ONCE = 1_000;

/** Deletes runs that ended long ago, and by what their events were looked up. */
@Injectable()
export class ForgetRuns {
  constructor(
    private readonly database: Database,
    private readonly old: OldRunsRepository,
    @Inject(ROUTER_CONFIG) private readonly config: RouterConfig,
  ) {}

  /** One batch of each. `more`: it was a full one, so there may be another. */
  async run(): Promise<{ runs: number; templates: number; more: boolean }> {
    const runs = await this.database.transaction((tx) => this.old.forget(tx, this.config.runDays, RUNS_AT_ONCE));
    const templates = await this.old.forgetTemplates(this.database, this.config.runDays, TEMPLATES_AT_ONCE);
    return { runs, templates, more: runs === RUNS_AT_ONCE || templates === TEMPLATES_AT_ONCE };
  }
}
