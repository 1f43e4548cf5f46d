import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import type { HookFilter } from './replayed-hook.js';

/** A replay of hooks that is under way. */
export interface HookReplay {
  number: number;
  filter: HookFilter;
  again: boolean;
  dryRun: boolean;
  /** Where to go on in HOOKS; null before the first look. */
  next: number | null;
  last: number | null;
}

interface ClaimedRow {
  number: string;
  filter: HookFilter;
  again: boolean;
  dry_run: boolean;
  next_sequence: string | null;
  last_sequence: string | null;
}

/** What one stretch of the stream gave. */
export interface Stretch {
  next: number;
  scanned: number;
  matched: number;
  sent: number;
  done: boolean;
}

const LEASE_SECONDS = 20;

// A replica that was paused longer than its lease finds that another one has gone on: its place is not the row's any more.
const MINE = "number = $1 AND state = 'running' AND next_sequence IS NOT DISTINCT FROM $2::bigint";
const LEASED = `leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})`;

const numberOr = (text: string | null): number | null => (text === null ? null : Number(text));

/** Progress of replays of hooks; one replica at a time has each of them. */
@Injectable()
export class HookReplaysRepository {
  constructor(private readonly database: Database) {}

  async claim(): Promise<HookReplay | undefined> {
    const [row] = await this.database.query<ClaimedRow>(
      `UPDATE replays SET ${LEASED} WHERE number = (
         SELECT number FROM replays WHERE state = 'running' AND kind = 'hooks' AND leased_until < clock_timestamp() ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING number, filter, again, dry_run, next_sequence, last_sequence`);
    return row && {
      number: Number(row.number), filter: row.filter, again: row.again, dryRun: row.dry_run, next: numberOr(row.next_sequence), last: numberOr(row.last_sequence),
    };
  }

  /** The stretch of the stream to look at. False: it is no longer ours, or was stopped. */
  async begin(number: number, next: number, last: number): Promise<boolean> {
    const rows = await this.database.query(`UPDATE replays SET next_sequence = $3, last_sequence = $4, ${LEASED} WHERE ${MINE} RETURNING 1`, [number, null, next, last]);
    return rows.length > 0;
  }

  /** Also renews the lease. False: it is no longer ours, or was stopped. */
  async advance(number: number, from: number, stretch: Stretch): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE replays SET next_sequence = $3, scanned = scanned + $4, matched = matched + $5, sent = sent + $6, detail = NULL, ${LEASED},
         state = CASE WHEN $7 THEN 'done' ELSE state END, finished_at = CASE WHEN $7 THEN now() END
       WHERE ${MINE} RETURNING 1`,
      [number, from, stretch.next, stretch.scanned, stretch.matched, stretch.sent, stretch.done],
    );
    return rows.length > 0;
  }

  /** Renews the lease, and says what it waits for. False: it is no longer ours, or was stopped. */
  async hold(number: number, from: number, detail: string | null): Promise<boolean> {
    const rows = await this.database.query(`UPDATE replays SET detail = $3, ${LEASED} WHERE ${MINE} RETURNING 1`, [number, from, detail]);
    return rows.length > 0;
  }

  async release(number: number): Promise<void> {
    await this.database.query("UPDATE replays SET leased_until = '-infinity' WHERE number = $1 AND state = 'running'", [number]);
  }
}
