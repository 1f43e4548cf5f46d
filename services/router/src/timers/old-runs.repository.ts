import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';

/** As many deployments of old runs stay in an environment: the newest that were good, and the newest that were not rolled back. */
const KEPT_DEPLOYMENTS = 2;

/** Steps of one run may deploy to one environment several times; so many entries behind it are looked at for another run. */
const LOOKED_AT = 20;

/**
 * Whether a rollback of somebody else may still return to what the run deployed, or has to know that it was there: among the old runs fewer
 * than two others came to that environment later. Younger runs may yet be rolled back, so none of them counts.
 */
const IS_NEEDED = `EXISTS (
  SELECT FROM deployments AS own WHERE own.run = runs.id AND own.state <> 'reverted' AND ${KEPT_DEPLOYMENTS} > (
    SELECT count(DISTINCT next.run) FROM (
      SELECT later.run FROM deployments AS later JOIN runs AS other ON other.id = later.run
      WHERE later.environment = own.environment AND later.run <> own.run AND (later.deployed_at, later.run) > (own.deployed_at, own.run)
        AND (later.state = 'good' OR (own.state <> 'good' AND later.state <> 'reverted')) AND other.finished_at < now() - make_interval(days => $1)
      ORDER BY later.deployed_at LIMIT ${LOOKED_AT}) AS next))`;

/** It was told something since: a platform's run was started once more long after, say. Entries that young are not to be deleted, either. */
const WAS_TOLD = 'EXISTS (SELECT FROM run_history WHERE run = runs.id AND at >= now() - make_interval(days => $1))';

/** What belongs to a run, in an order in which nothing refers to what is gone. */
const PARTS = [
  'DELETE FROM timers WHERE run = ANY($1)',
  'DELETE FROM slots WHERE run = ANY($1)',
  'DELETE FROM event_waits WHERE run = ANY($1)',
  'DELETE FROM approval_votes USING approvals WHERE approvals.run = ANY($1) AND approval = approvals.id',
  'DELETE FROM approvals WHERE run = ANY($1)',
  'DELETE FROM commands WHERE run = ANY($1)',
  'DELETE FROM deployments WHERE run = ANY($1)',
  'DELETE FROM run_history WHERE run = ANY($1)',
  'DELETE FROM runs WHERE id = ANY($1)',
];

/** Runs that ended long ago, and what they waited for. */
@Injectable()
export class OldRunsRepository {
  /** Deletes up to `batch` runs that ended, and heard the last news, more than `days` days ago, with all that is theirs; gives how many. One that somebody has locked is left for later. */
  async forget(tx: Queryable, days: number, batch: number): Promise<number> {
    const rows = await tx.query<{ id: string }>(
      `SELECT id FROM runs WHERE finished_at < now() - make_interval(days => $1) AND NOT ${IS_NEEDED} AND NOT ${WAS_TOLD}
       ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED`, [days, batch]);
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) await Promise.all(PARTS.map((sql) => tx.query(sql, [ids])));
    return ids.length;
  }

  /** Deletes up to `batch` templates that no run has started with for `days` days, and that no older run waits by; gives how many. */
  async forgetTemplates(db: Queryable, days: number, batch: number): Promise<number> {
    // Its age once more outside: a router that wants it in this moment is waited for, and only this is looked at anew when it is done.
    const rows = await db.query(
      `DELETE FROM awaited_keys WHERE digest IN (
         SELECT digest FROM awaited_keys AS old WHERE wanted_at < now() - make_interval(days => $1) AND NOT EXISTS (
           SELECT FROM event_waits JOIN runs ON runs.id = event_waits.run WHERE event_waits.type = old.type AND runs.created_at < now() - make_interval(days => $1 - 2))
         LIMIT $2) AND wanted_at < now() - make_interval(days => $1) RETURNING 1`, [days, batch]);
    return rows.length;
  }
}
