import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
import type { TraceHeaders } from '@stellwerk/service-kit';
import type { FollowedRun, StartedRun } from '../adapter.js';
import { columnsOf } from '../dispatch/dispatch.row.js';
import type { Dispatch } from '../dispatch/dispatch.types.js';

/** A platform run of ours on its way to its end. */
export interface WatchedRun extends FollowedRun {
  ourRunId: string;
  connection: string;
  url?: string;
  trace: TraceHeaders;
  /** Facts already told by a poll. */
  told: string[];
  hookSeenAt?: Date;
}

interface Row {
  run_key: string; command_id: string; our_run_id: string; connection: string; repository: string; platform_run_id: string; attempt: number;
  pipeline: string | null; url: string | null; trace: TraceHeaders; told: string[]; hook_seen_at: Date | null; created_at: Date;
}

const toRun = (row: Row): WatchedRun => ({
  runKey: row.run_key, commandId: row.command_id, ourRunId: row.our_run_id, connection: row.connection, repository: row.repository,
  runId: row.platform_run_id, attempt: row.attempt, pipeline: row.pipeline ?? undefined, url: row.url ?? undefined, trace: row.trace,
  told: row.told, hookSeenAt: row.hook_seen_at ?? undefined, createdAt: row.created_at,
});

export interface NewWatch {
  dispatch: Dispatch;
  run: StartedRun;
  runKey: string;
  firstPollMs: number;
}

/** The tables `watched_runs` and `polled_repositories`. */
@Injectable()
export class WatchRepository {
  constructor(private readonly database: Database) {}

  /** Runs that are watched already (a person named one we knew) go over to the newer command. */
  async add(tx: Queryable, watches: readonly NewWatch[]): Promise<void> {
    if (watches.length === 0) return;
    // A statement may touch each row once.
    const last = [...new Map(watches.map((watch) => [watch.runKey, watch])).values()];
    await tx.query(
      `INSERT INTO watched_runs (run_key, command_id, our_run_id, connection, repository, platform_run_id, attempt, pipeline, url, trace, next_poll_at)
       SELECT run_key, command_id, our_run_id, connection, repository, platform_run_id, attempt, pipeline, url, trace, now() + first_ms * interval '1 millisecond'
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[], $10::jsonb[], $11::int[])
         AS w(run_key, command_id, our_run_id, connection, repository, platform_run_id, attempt, pipeline, url, trace, first_ms) ORDER BY run_key
       ON CONFLICT (run_key) DO UPDATE SET command_id = excluded.command_id, our_run_id = excluded.our_run_id, trace = excluded.trace,
         told = '{}', ended_at = NULL, next_poll_at = excluded.next_poll_at`,
      columnsOf(last, [
        ({ runKey }) => runKey, ({ dispatch }) => dispatch.commandId, ({ dispatch }) => dispatch.command.run, ({ dispatch }) => dispatch.connection,
        ({ run }) => run.repository, ({ run }) => run.id, ({ run }) => run.attempt, ({ run }) => run.pipeline, ({ run }) => run.url,
        ({ dispatch }) => JSON.stringify(dispatch.trace), ({ firstPollMs }) => Math.round(firstPollMs),
      ]),
    );
  }

  /** Repositories in which a watched run is due. */
  async due(limit: number): Promise<{ connection: string; repository: string }[]> {
    return this.database.query(
      `SELECT connection, repository FROM watched_runs WHERE ended_at IS NULL AND next_poll_at <= now()
       GROUP BY connection, repository ORDER BY min(next_poll_at) LIMIT $1`,
      [limit],
    );
  }

  /** One replica polls a repository, and not more often than the gap allows. */
  async claimRepository(connection: string, repository: string, gapMs: number): Promise<boolean> {
    const rows = await this.database.query(
      `INSERT INTO polled_repositories (connection, repository, polled_at) VALUES ($1, $2, now())
       ON CONFLICT (connection, repository) DO UPDATE SET polled_at = now()
       WHERE polled_repositories.polled_at <= now() - $3 * interval '1 millisecond' RETURNING 1 AS claimed`,
      [connection, repository, gapMs],
    );
    return rows.length > 0;
  }

  async watchedIn(connection: string, repository: string): Promise<WatchedRun[]> {
    const rows = await this.database.query<Row>(
      'SELECT * FROM watched_runs WHERE connection = $1 AND repository = $2 AND ended_at IS NULL ORDER BY created_at', [connection, repository],
    );
    return rows.map(toRun);
  }

  async nextPoll(runKeys: string[], inMs: number): Promise<void> {
    await this.database.query(
      "UPDATE watched_runs SET next_poll_at = now() + $2 * interval '1 millisecond' WHERE run_key = ANY($1) AND ended_at IS NULL", [runKeys, inMs],
    );
  }

  /** Notes a fact as told. @returns false when it was, or the run has ended meanwhile */
  async tell(tx: Queryable, runKey: string, fact: string): Promise<boolean> {
    const rows = await tx.query(
      'UPDATE watched_runs SET told = array_append(told, $2) WHERE run_key = $1 AND ended_at IS NULL AND NOT ($2 = ANY(told)) RETURNING run_key', [runKey, fact],
    );
    return rows.length > 0;
  }

  /** Of these runs, those that are ours and not told to have ended: one look by key, as nearly all events are about others. */
  async open(runKeys: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ run_key: string }>('SELECT run_key FROM watched_runs WHERE run_key = ANY($1) AND ended_at IS NULL', [runKeys]);
    return new Set(rows.map((row) => row.run_key));
  }

  /** Of these runs, those that are or were watched: their tracker tells them. */
  async known(runKeys: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ run_key: string }>('SELECT run_key FROM watched_runs WHERE run_key = ANY($1)', [runKeys]);
    return new Set(rows.map((row) => row.run_key));
  }

  /** Hooks spoke of these runs: poll slower, hooks work. */
  async seenByHook(seen: readonly { runKey: string; nextPollMs: number }[]): Promise<void> {
    await this.database.query(
      `UPDATE watched_runs w SET hook_seen_at = now(), next_poll_at = now() + s.ms * interval '1 millisecond'
       FROM unnest($1::text[], $2::int[]) AS s(run_key, ms) WHERE w.run_key = s.run_key AND w.ended_at IS NULL`,
      columnsOf(seen, [({ runKey }) => runKey, ({ nextPollMs }) => Math.round(nextPollMs)]),
    );
  }

  /** Their ends are told. @returns those for which it is the first time, for their spans */
  async end(tx: Queryable, runKeys: readonly string[]): Promise<WatchedRun[]> {
    const rows = await tx.query<Row>(
      'UPDATE watched_runs SET ended_at = now(), spanned_at = now(), next_poll_at = NULL WHERE run_key = ANY($1) AND spanned_at IS NULL RETURNING *', [runKeys],
    );
    return rows.map(toRun);
  }

  async forget(days: number, limit: number): Promise<void> {
    await this.database.query(
      'DELETE FROM watched_runs WHERE run_key IN (SELECT run_key FROM watched_runs WHERE ended_at IS NOT NULL AND created_at < now() - make_interval(days => $1) LIMIT $2)', [days, limit],
    );
  }

  /** Runs whose end nobody ever told. */
  async abandon(olderThanMs: number): Promise<void> {
    await this.database.query(
      "UPDATE watched_runs SET ended_at = now(), next_poll_at = NULL WHERE ended_at IS NULL AND created_at < now() - $1 * interval '1 millisecond'", [olderThanMs],
    );
  }
}
