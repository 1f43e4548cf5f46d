import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { EnvironmentHistory, LastGood, RunRecord } from '@stellwerk/flows';

interface Entry {
  run: string;
  event: Record<string, unknown>;
  env: Record<string, unknown>;
  at: Date;
}

/** What was deployed where, and whether it was good. */
@Injectable()
export class LedgerRepository {
  async enter(tx: Queryable, run: RunRecord, step: string, environment: string, at: Date): Promise<void> {
    await tx.query(
      `INSERT INTO deployments (run, step, environment, state, event, env, deployed_at) VALUES ($1, $2, $3, 'entered', $4, $5, $6)
       ON CONFLICT (run, step) DO UPDATE SET state = 'entered', deployed_at = excluded.deployed_at`,
      [run.id, step, environment, JSON.stringify(run.event), JSON.stringify(run.env), at],
    );
  }

  async markGood(tx: Queryable, run: string): Promise<void> {
    await tx.query("UPDATE deployments SET state = 'good' WHERE run = $1 AND state = 'entered'", [run]);
  }

  async markReverted(tx: Queryable, run: string, step: string): Promise<void> {
    await tx.query("UPDATE deployments SET state = 'reverted' WHERE run = $1 AND step = $2", [run, step]);
  }

  /** Nothing of a run that people roll back is to be returned to, however that ends. */
  async doubt(tx: Queryable, run: string): Promise<void> {
    await tx.query("UPDATE deployments SET state = 'entered' WHERE run = $1 AND state = 'good'", [run]);
  }

  /** What other runs did to an environment. What was rolled back is not there any more, so it is not the latest. */
  async historyOf(tx: Queryable, environment: string, run: string): Promise<EnvironmentHistory> {
    const newest = 'SELECT run, event, env, deployed_at AS at FROM deployments WHERE environment = $1 AND run <> $2';
    const order = 'ORDER BY deployed_at DESC LIMIT 1';
    const [[good], [latest]] = await Promise.all([
      tx.query<Entry>(`${newest} AND state = 'good' ${order}`, [environment, run]),
      tx.query<Entry>(`${newest} AND state <> 'reverted' ${order}`, [environment, run]),
    ]);
    return {
      ...(good && { lastGood: asLastGood(good) }),
      ...(latest && { latest: { run: latest.run, at: latest.at.toISOString() } }),
    };
  }
}

const asLastGood = ({ run, event, env, at }: Entry): LastGood => ({ run: { id: run }, event, env, deployedAt: at.toISOString() });
