import { Inject, Injectable } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import type { Queryable } from '@stellwerk/database';
import type { EnvironmentHistory, Flow, PlanFacts } from '@stellwerk/flows';
import { ROUTER_CONFIG, runUrl, type RouterConfig } from '../router.config.js';
import { LedgerRepository } from './ledger.repository.js';

/** Reads what planning has to know of the world. */
@Injectable()
export class LoadFacts {
  constructor(
    private readonly resources: Resources,
    private readonly ledger: LedgerRepository,
    @Inject(ROUTER_CONFIG) private readonly config: RouterConfig,
  ) {}

  async run(tx: Queryable, flow: Flow, run: string): Promise<PlanFacts> {
    const environments = [...new Set(flow.steps.flatMap((step) => (step.environment === undefined ? [] : [step.environment])))];
    const ledger: Record<string, EnvironmentHistory> = {};
    await Promise.all(environments.map(async (environment) => { ledger[environment] = await this.ledger.historyOf(tx, environment, run); }));
    return { now: new Date(), random: Math.random, runUrl: runUrl(this.config, run), environments: this.resources.current().environments, ledger };
  }
}
