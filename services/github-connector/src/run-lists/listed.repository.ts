import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
import { UNLISTED, type SourceKey } from '../deliveries/missed.repository.js';
import type { LoggedDelivery } from './match-deliveries.js';

/** Deliveries of one repository's runs that a list may bring back. */
export interface UnlistedGroup {
  /** Absent: noted by a version that did not read it. */
  repositoryId?: string;
  count: number;
  /** One of them. */
  deliveryId: string;
  /** How long ago the first and the last of them failed. */
  oldestMs: number;
  newestMs: number;
}

interface LoggedRow {
  guid: string;
  action: string | null;
  at: Date;
}

const RUNS_OF = "connection = $1 AND source = $2 AND event = 'workflow_run' AND repository_id IS NOT DISTINCT FROM $3";
const OPEN_OF = `${RUNS_OF} AND state = 'open' AND ${UNLISTED}`;

const logged = (rows: readonly LoggedRow[]): LoggedDelivery[] => rows.map(({ guid, action, at }) => ({ guid, action: action ?? '', at: at.getTime() }));

/** The deliveries of runs in the table `missed_deliveries`. */
@Injectable()
export class ListedRepository {
  constructor(private readonly database: Database) {}

  /** By repository. */
  async groups({ connection, source }: SourceKey): Promise<UnlistedGroup[]> {
    const rows = await this.database.query<{ id: string | null; count: number; delivery: string; oldest: number; newest: number }>(
      `SELECT repository_id AS id, count(*)::int AS count, min(delivery_id) AS delivery,
         (extract(epoch FROM now() - min(failed_at)) * 1000)::float8 AS oldest, (extract(epoch FROM now() - max(failed_at)) * 1000)::float8 AS newest
       FROM missed_deliveries WHERE connection = $1 AND source = $2 AND state = 'open' AND ${UNLISTED} GROUP BY repository_id ORDER BY min(failed_at)`,
      [connection, source],
    );
    return rows.map(({ id, count, delivery, oldest, newest }) => ({ repositoryId: id ?? undefined, count, deliveryId: delivery, oldestMs: oldest, newestMs: newest }));
  }

  /** The oldest of a group. */
  async oldest({ connection, source }: SourceKey, { repositoryId }: UnlistedGroup, { settledMs, limit }: { settledMs: number; limit: number }): Promise<LoggedDelivery[]> {
    return logged(await this.database.query<LoggedRow>(
      `SELECT guid, action, failed_at AS at FROM missed_deliveries WHERE ${OPEN_OF} AND failed_at < now() - $4 * interval '1 millisecond' ORDER BY failed_at, guid LIMIT $5`,
      [connection, source, repositoryId ?? null, settledMs, limit],
    ));
  }

  /** All of a repository's runs in a time, whatever became of them, but for these. */
  async others({ connection, source }: SourceKey, { repositoryId }: UnlistedGroup, { from, to, but }: { from: Date; to: Date; but: readonly string[] }): Promise<LoggedDelivery[]> {
    return logged(await this.database.query<LoggedRow>(
      `SELECT guid, action, failed_at AS at FROM missed_deliveries WHERE ${RUNS_OF} AND failed_at BETWEEN $4 AND $5 AND NOT guid = ANY($6)`,
      [connection, source, repositoryId ?? null, from, to, but],
    ));
  }

  /** These were told by a list. @returns how many were open until then */
  async bringBack({ connection, source }: SourceKey, guids: readonly string[], tx: Queryable): Promise<number> {
    const rows = await tx.query(
      `UPDATE missed_deliveries SET state = 'listed', listed_at = now(), updated_at = now() WHERE connection = $1 AND source = $2 AND state = 'open' AND guid = ANY($3) RETURNING 1 AS listed`,
      [connection, source, guids],
    );
    return rows.length;
  }

  /** These are asked for again, as no list tells them for sure. */
  async leave({ connection, source }: SourceKey, guids: readonly string[], tx: Queryable): Promise<void> {
    if (guids.length > 0) await tx.query('UPDATE missed_deliveries SET listed_at = now() WHERE connection = $1 AND source = $2 AND guid = ANY($3)', [connection, source, guids]);
  }

  /** So is a whole group. */
  async leaveAll({ connection, source }: SourceKey, { repositoryId }: UnlistedGroup): Promise<void> {
    await this.database.query(`UPDATE missed_deliveries SET listed_at = now() WHERE ${OPEN_OF}`, [connection, source, repositoryId ?? null]);
  }
}
