import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import type { Delivery } from './deliveries.client.js';
import type { Judged } from './judge-deliveries.js';

export interface SourceKey {
  connection: string;
  source: string;
}

export interface MissedDelivery {
  guid: string;
  /** Of the newest attempt that failed. */
  deliveryId: string;
  asks: number;
}

export interface MissedCounts {
  open: number;
  givenUp: number;
  /** Of one that is open, if any. */
  status?: string;
}

// One that is seen to have failed again needs not wait for a log that lags; once, as we may have been too busy for it.
const UPSERT_FAILED = `
  INSERT INTO missed_deliveries (connection, source, guid, delivery_id, event, action, wanted, status, failed_at, repository_id)
  SELECT $1, $2, guid, delivery_id, event, action, wanted, status, failed_at, repository_id
  FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::text[], $9::timestamptz[], $10::text[]) AS f(guid, delivery_id, event, action, wanted, status, failed_at, repository_id)
  ON CONFLICT (connection, source, guid) DO UPDATE SET delivery_id = excluded.delivery_id, status = excluded.status, failed_at = excluded.failed_at, updated_at = now(), asked_at = NULL,
    next_ask_at = CASE WHEN missed_deliveries.asks = 1 THEN least(missed_deliveries.next_ask_at, now() + interval '30 seconds') ELSE missed_deliveries.next_ask_at END
  WHERE missed_deliveries.state = 'open' AND excluded.failed_at > missed_deliveries.failed_at`;

// What arrived by a redelivery is kept, as the attempt that failed before stands on a later page of the log.
const MARK_BACK = `
  INSERT INTO missed_deliveries AS known (connection, source, guid, delivery_id, event, action, wanted, status, failed_at, state)
  SELECT $1, $2, guid, delivery_id, '', NULL, false, 'OK', at, 'back' FROM unnest($3::text[], $4::text[], $5::timestamptz[]) AS a(guid, delivery_id, at)
  ON CONFLICT (connection, source, guid) DO UPDATE SET state = 'back', updated_at = now() WHERE known.state <> 'back' RETURNING known.asks`;

// What arrived of runs beside what did not: whoever looks through a list of runs has to know which of them were told.
const KEEP_ARRIVED = `
  INSERT INTO missed_deliveries (connection, source, guid, delivery_id, event, action, wanted, status, failed_at, repository_id, state)
  SELECT $1, $2, guid, delivery_id, 'workflow_run', action, false, 'OK', at, repository_id, 'back'
  FROM unnest($3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[]) AS a(guid, delivery_id, action, at, repository_id)
  WHERE at > (SELECT min(failed_at) - interval '2 minutes' FROM missed_deliveries WHERE connection = $1 AND source = $2 AND state = 'open' AND event = 'workflow_run')
  ON CONFLICT DO NOTHING`;

const OPEN = "connection = $1 AND source = $2 AND state = 'open'";

/** Deliveries of runs that no list of runs was asked about yet; what was asked for again goes on that way. */
export const UNLISTED = "event = 'workflow_run' AND listed_at IS NULL AND asks = 0";

/** The table `missed_deliveries`. */
@Injectable()
export class MissedRepository {
  constructor(private readonly database: Database) {}

  /** Enters one page of the log. @returns how many are known to be back that we had asked for */
  async enter({ connection, source }: SourceKey, { failed, arrived }: Judged, isWanted: (delivery: Delivery) => boolean): Promise<number> {
    if (failed.length > 0) {
      await this.database.query(UPSERT_FAILED, [
        connection, source, failed.map(({ guid }) => guid), failed.map(({ id }) => id), failed.map(({ event }) => event), failed.map(({ action }) => action ?? null),
        failed.map(isWanted), failed.map(({ status, code }) => status || `HTTP ${code}`), failed.map(({ deliveredAt }) => deliveredAt), failed.map(({ repositoryId }) => repositoryId ?? null),
      ]);
    }
    const again = arrived.filter(({ redelivery }) => redelivery);
    const first = arrived.filter(({ redelivery }) => !redelivery);
    if (first.length > 0) await this.database.query(`UPDATE missed_deliveries SET state = 'back', updated_at = now() WHERE ${OPEN} AND guid = ANY($3)`, [connection, source, first.map(({ guid }) => guid)]);
    await this.#keepArrived({ connection, source }, first.filter(({ event }) => event === 'workflow_run'));
    if (again.length === 0) return 0;
    const back = await this.database.query<{ asks: number }>(MARK_BACK, [connection, source, again.map(({ guid }) => guid), again.map(({ id }) => id), again.map(({ deliveredAt }) => deliveredAt)]);
    return back.filter(({ asks }) => asks > 0).length;
  }

  async #keepArrived({ connection, source }: SourceKey, runs: readonly Delivery[]): Promise<void> {
    if (runs.length === 0) return;
    await this.database.query(KEEP_ARRIVED, [
      connection, source, runs.map(({ guid }) => guid), runs.map(({ id }) => id), runs.map(({ action }) => action ?? null), runs.map(({ deliveredAt }) => deliveredAt), runs.map(({ repositoryId }) => repositoryId ?? null),
    ]);
  }

  /** Those asked for within the last minute of which nothing was heard yet. */
  async underWay({ connection, source }: SourceKey): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(`SELECT count(*)::int AS count FROM missed_deliveries WHERE ${OPEN} AND asked_at > now() - interval '1 minute'`, [connection, source]);
    return row?.count ?? 0;
  }

  /** Those to ask for now: what flows wait for first, oldest first. `any`: also those that a list of runs may bring back. */
  async due({ connection, source }: SourceKey, { mostAsks, limit, any = false }: { mostAsks: number; limit: number; any?: boolean }): Promise<MissedDelivery[]> {
    return this.database.query<MissedDelivery>(
      `SELECT guid, delivery_id AS "deliveryId", asks FROM missed_deliveries WHERE ${OPEN} AND next_ask_at <= now() AND asks < $3 AND ($5 OR NOT (${UNLISTED}))
       ORDER BY wanted DESC, asks, failed_at LIMIT $4`,
      [connection, source, mostAsks, limit, any],
    );
  }

  /** Written before it is asked for: a process that dies in between has asked. */
  async asking({ connection, source }: SourceKey, guid: string, waitMs: number): Promise<void> {
    await this.database.query(
      `UPDATE missed_deliveries SET asks = asks + 1, asked_at = now(), next_ask_at = now() + $4 * interval '1 millisecond', updated_at = now() WHERE ${OPEN} AND guid = $3`,
      [connection, source, guid, waitMs],
    );
  }

  /** It was not asked for after all. */
  async notAsked({ connection, source }: SourceKey, guid: string): Promise<void> {
    await this.database.query(`UPDATE missed_deliveries SET asks = greatest(0, asks - 1), asked_at = NULL, next_ask_at = now() WHERE ${OPEN} AND guid = $3`, [connection, source, guid]);
  }

  async giveUp({ connection, source }: SourceKey, guid: string, reason: string): Promise<void> {
    await this.database.query(`UPDATE missed_deliveries SET state = 'given-up', reason = $4, updated_at = now() WHERE ${OPEN} AND guid = $3`, [connection, source, guid, reason]);
  }

  /** Those asked for often enough in vain, and those that GitHub does not keep any more. @returns how many */
  async giveUpHopeless({ connection, source }: SourceKey, most: number, keptMs: number): Promise<number> {
    const rows = await this.database.query(
      `UPDATE missed_deliveries SET state = 'given-up', reason = CASE WHEN asks >= $3 THEN 'asked for ' || asks || ' times' ELSE 'too old' END, updated_at = now()
       WHERE ${OPEN} AND ((asks >= $3 AND next_ask_at <= now()) OR failed_at < now() - $4 * interval '1 millisecond') RETURNING guid`,
      [connection, source, most, keptMs],
    );
    return rows.length;
  }

  /** What failed may succeed now, whatever it has to wait for. */
  async allDue({ connection, source }: SourceKey): Promise<void> {
    await this.database.query(`UPDATE missed_deliveries SET next_ask_at = now() WHERE ${OPEN} AND next_ask_at > now()`, [connection, source]);
  }

  /** The first that will be due is so in so many ms; undefined when none is open. */
  async nextDueMs({ connection, source }: SourceKey): Promise<number | undefined> {
    const [row] = await this.database.query<{ ms: number | null }>(
      `SELECT (extract(epoch FROM min(next_ask_at) - now()) * 1000)::float8 AS ms FROM missed_deliveries WHERE ${OPEN}`, [connection, source]);
    return row?.ms ?? undefined;
  }

  /** Given up: within the last three days, so long as a person can still do something. */
  async counts({ connection, source }: SourceKey): Promise<MissedCounts> {
    const [row] = await this.database.query<{ open: number; givenUp: number; status: string | null }>(
      `SELECT count(*) FILTER (WHERE state = 'open')::int AS open, count(*) FILTER (WHERE state = 'given-up')::int AS "givenUp",
         (max(status) FILTER (WHERE state = 'open')) AS status
       FROM missed_deliveries WHERE connection = $1 AND source = $2 AND state <> 'back' AND updated_at > now() - interval '3 days'`,
      [connection, source],
    );
    return { open: row?.open ?? 0, givenUp: row?.givenUp ?? 0, status: row?.status ?? undefined };
  }

  async forget(days: number, limit: number): Promise<void> {
    await this.database.query(
      'DELETE FROM missed_deliveries WHERE (connection, source, guid) IN (SELECT connection, source, guid FROM missed_deliveries WHERE updated_at < now() - make_interval(days => $1) LIMIT $2)', [days, limit]);
  }
}
