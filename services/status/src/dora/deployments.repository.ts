import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { rowsJson } from '../record/rows.js';
import { newestOfEach, type Deployment, type DeploymentKey } from './deployments-of.js';

/** Good ones of which no time of the commit is known yet, and that the same step had not deployed there before. */
const FIRST = `
  SELECT run, step, number, sha
  FROM jsonb_to_recordset($1::jsonb) AS row(run text, step text, number integer) JOIN deployments AS there USING (run, step, number)
  WHERE known_at IS NULL AND sha <> '' AND state = 'succeeded' AND NOT undone AND NOT EXISTS (
    SELECT 1 FROM deployments AS good WHERE good.sha <> '' AND good.sha = there.sha AND good.environment = there.environment AND good.flow = there.flow
      AND good.step = there.step AND good.state = 'succeeded' AND NOT good.undone AND good.finished_at < there.finished_at)`;

// By the index on sha, whose operators are those of patterns.
const TOLD = `
  SELECT sha, min(occurred_at) AS occurred_at, min(data->>'startedAt') AS started_at
  FROM events WHERE sha <> '' AND sha = ANY($1::text[]) AND source LIKE '/connections/%' GROUP BY sha`;

const SAVE = `
  INSERT INTO deployments AS known (run, step, number, version, environment, flow, repository, sha, state, again, undone, finished_at, restored_at)
  SELECT run, step, number, version, environment, flow, repository, sha, state, again, undone, finished_at, restored_at
  FROM jsonb_to_recordset($1::jsonb) AS row(run text, step text, number integer, version integer, environment text, flow text, repository text, sha text,
    state text, again boolean, undone boolean, finished_at timestamptz, restored_at timestamptz)
  ON CONFLICT (run, step, number) DO UPDATE SET
    version = EXCLUDED.version, state = EXCLUDED.state, undone = EXCLUDED.undone, finished_at = EXCLUDED.finished_at, restored_at = EXCLUDED.restored_at
  WHERE known.version < EXCLUDED.version
    AND (known.state, known.undone, known.finished_at, known.restored_at) IS DISTINCT FROM (EXCLUDED.state, EXCLUDED.undone, EXCLUDED.finished_at, EXCLUDED.restored_at)`;

const KNOW = `
  UPDATE deployments AS known SET known_at = row.known_at
  FROM jsonb_to_recordset($1::jsonb) AS row(run text, step text, number integer, known_at timestamptz)
  WHERE known.run = row.run AND known.step = row.step AND known.number = row.number`;

interface Told {
  sha: string;
  occurred_at: Date;
  started_at: string | null;
}

/** Writing side of the deployments. */
@Injectable()
export class DeploymentsRepository {
  /** Safe to repeat, in any order: of each deployment the newest version stays. */
  async save(tx: Queryable, told: readonly Deployment[]): Promise<void> {
    const rows = rowsJson(newestOfEach(told));
    await tx.query(SAVE, [rows]);
    // Asked behind it, as what came before may be of the same group; and each time anew, as another replica may write down the commit's events.
    const first = await tx.query<DeploymentKey & { sha: string }>(FIRST, [rows]);
    if (first.length > 0) await this.know(tx, first);
  }

  /** When anything was first told of their commits. */
  private async know(tx: Queryable, first: readonly (DeploymentKey & { sha: string })[]): Promise<void> {
    const told = await tx.query<Told>(TOLD, [[...new Set(first.map(({ sha }) => sha))]]);
    const bySha = new Map(told.map((one) => [one.sha, firstOf(one)]));
    const known = first.flatMap((one) => (bySha.has(one.sha) ? [{ ...one, known_at: bySha.get(one.sha) }] : []));
    if (known.length > 0) await tx.query(KNOW, [rowsJson(known)]);
  }
}

/** The earliest that platforms said of a commit. A start comes as they wrote it, and may be no time at all. */
const firstOf = ({ occurred_at, started_at }: Told): string => {
  const started = Date.parse(started_at ?? '');
  return new Date(Math.min(occurred_at.getTime(), Number.isNaN(started) ? Infinity : started)).toISOString();
};
