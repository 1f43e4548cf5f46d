import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { Conditions } from '../http/conditions.js';
import type { DoraQuery, Period } from './dora.query.js';

/** What is counted of one environment. Seconds; null: nothing to take them from. */
export interface DoraCounts {
  environment: string;
  succeeded: number;
  failed: number;
  rolled_back: number;
  restored: number;
  again: number;
  lead_count: number;
  lead_median: number | null;
  lead_p90: number | null;
  recovered: number;
  recovery_median: number | null;
  recovery_p90: number | null;
}

const quantiles = (seconds: string, name: string): string => `
  percentile_cont(0.5) WITHIN GROUP (ORDER BY ${seconds}) AS ${name}_median, percentile_cont(0.9) WITHIN GROUP (ORDER BY ${seconds}) AS ${name}_p90`;

// A clock that goes wrong at a platform makes no time less than none.
const LEAD = "CASE WHEN state = 'succeeded' AND NOT undone AND known_at IS NOT NULL THEN extract(epoch FROM greatest(finished_at - known_at, interval '0'))::float8 END";
const RECOVERY = 'extract(epoch FROM recovered_at - finished_at)::float8';

/** `which`: of the deployments, those that are counted. */
const countsOf = (which: string): string => `
  WITH ended AS MATERIALIZED (SELECT environment, flow, repository, step, state, again, undone, known_at, finished_at, restored_at FROM deployments ${which}),
  deployed AS (
    SELECT environment, count(*) FILTER (WHERE state = 'succeeded')::int AS succeeded, count(*) FILTER (WHERE state = 'failed')::int AS failed,
      count(*) FILTER (WHERE state = 'succeeded' AND undone)::int AS rolled_back, count(restored_at)::int AS restored, count(*) FILTER (WHERE again)::int AS again,
      count(${LEAD})::int AS lead_count, ${quantiles(LEAD, 'lead')}
    FROM ended GROUP BY environment),
  -- From the end of a deployment that failed until its rollback, or the next one by the same step that was good.
  recovery AS (
    SELECT bad.environment, bad.finished_at, least(bad.restored_at, next.finished_at) AS recovered_at
    FROM ended AS bad LEFT JOIN LATERAL (
      SELECT finished_at FROM deployments
      WHERE environment = bad.environment AND flow = bad.flow AND repository = bad.repository AND step = bad.step AND state = 'succeeded' AND NOT undone
        AND finished_at > bad.finished_at
      ORDER BY finished_at LIMIT 1) AS next ON true
    WHERE bad.state = 'failed' OR bad.undone),
  recovered AS (SELECT environment, count(recovered_at)::int AS recovered, ${quantiles(RECOVERY, 'recovery')} FROM recovery GROUP BY environment)
  SELECT deployed.*, coalesce(recovered, 0) AS recovered, recovery_median, recovery_p90
  FROM deployed LEFT JOIN recovered USING (environment) ORDER BY environment`;

/** Reading side of the deployments. */
@Injectable()
export class DoraRepository {
  constructor(private readonly database: Database) {}

  /** By environment; none of environments where nothing ended in that time. */
  async counts({ environment, flow, repository }: DoraQuery, { since, until }: Period): Promise<DoraCounts[]> {
    const conditions = new Conditions()
      .add('finished_at >= ?::timestamptz', since).add('finished_at < ?::timestamptz', until)
      .add('environment = ?', environment).add('flow = ?', flow).add('repository = ?', repository);
    return this.database.query<DoraCounts>(countsOf(conditions.where), conditions.parameters);
  }
}
