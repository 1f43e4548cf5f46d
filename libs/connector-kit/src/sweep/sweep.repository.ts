import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';

export interface SweepSource {
  connection: string;
  source: string;
}

export interface ClaimedSweep extends SweepSource {
  cursor: Record<string, unknown>;
}

export interface SweepNote {
  connection: string;
  note: string;
}

const columns = (sources: readonly SweepSource[]): [string[], string[]] => [sources.map(({ connection }) => connection), sources.map(({ source }) => source)];

// One replica has all sweeps of a connection that are on, so that their common pace is kept by one clock.
const CLAIM = `
  UPDATE sweeps SET owner = $3, lease_until = now() + $4 * interval '1 millisecond'
  WHERE (connection, source) IN (
    SELECT connection, source FROM sweeps s JOIN unnest($1::text[], $2::text[]) AS wanted(connection, source) USING (connection, source)
    WHERE s.next_at <= now() AND (s.lease_until IS NULL OR s.lease_until <= now())
      AND NOT EXISTS (SELECT 1 FROM sweeps o WHERE o.connection = s.connection AND o.owner <> $3 AND o.lease_until > now())
    ORDER BY s.next_at LIMIT $5)
  RETURNING connection, source, cursor`;

/** The table `sweeps`: cursors and leases. */
@Injectable()
export class SweepRepository {
  readonly #owner = randomUUID();
  /** The sources that are known to have rows. */
  #entered = '';

  constructor(private readonly database: Database) {}

  /** At most `most` sources that are due, leased to this process. */
  async claim(sources: readonly SweepSource[], leaseMs: number, most: number): Promise<ClaimedSweep[]> {
    const wanted = JSON.stringify(sources);
    const claimed = await this.database.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', ['sweeps']);
      if (this.#entered !== wanted) await tx.query('INSERT INTO sweeps (connection, source) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING', columns(sources));
      return tx.query<ClaimedSweep>(CLAIM, [...columns(sources), this.#owner, leaseMs, most]);
    });
    this.#entered = wanted;
    return claimed;
  }

  /** Keeps cursor and lease. @returns false when the lease is lost */
  async keep({ connection, source }: SweepSource, cursor: object, leaseMs: number): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE sweeps SET cursor = $3, lease_until = now() + $5 * interval '1 millisecond'
       WHERE connection = $1 AND source = $2 AND owner = $4 AND lease_until > now() RETURNING 1 AS kept`,
      [connection, source, JSON.stringify(cursor), this.#owner, leaseMs],
    );
    return rows.length > 0;
  }

  /** Ends a turn. A lost lease is left to whoever has it; a turn that failed leaves cursor and note as they are. */
  async release({ connection, source }: SweepSource, end: { cursor?: object; nextMs: number; note?: string; swept: boolean }): Promise<void> {
    await this.database.query(
      `UPDATE sweeps SET cursor = coalesce($3::jsonb, cursor), next_at = now() + $4 * interval '1 millisecond', note = CASE WHEN $6 THEN $5 ELSE note END, owner = NULL, lease_until = NULL,
         swept_at = CASE WHEN $6 THEN now() ELSE swept_at END
       WHERE connection = $1 AND source = $2 AND owner = $7`,
      [connection, source, end.cursor ? JSON.stringify(end.cursor) : null, Math.round(end.nextMs), end.note ?? null, end.swept, this.#owner],
    );
  }

  /** What is to be said of these. */
  async notes(sources: readonly SweepSource[]): Promise<SweepNote[]> {
    return this.database.query<SweepNote>(
      `SELECT connection, note FROM sweeps JOIN unnest($1::text[], $2::text[]) AS wanted(connection, source) USING (connection, source)
       WHERE note IS NOT NULL ORDER BY connection, source`,
      columns(sources),
    );
  }

  /** Sources that nobody has asked for in so many days begin anew when they come back. */
  async forget(days: number): Promise<void> {
    await this.database.query('DELETE FROM sweeps WHERE lease_until IS NULL AND next_at < now() - make_interval(days => $1)', [days]);
    this.#entered = '';
  }
}
