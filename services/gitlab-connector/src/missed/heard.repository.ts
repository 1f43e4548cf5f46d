import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
import type { HeardRun, HeardRuns } from '@stellwerk/connector-kit';

/** What was told of a pipeline. */
export interface Heard {
  started: boolean;
  /** The latest end, by GitLab's clock: a retried pipeline ends again. */
  finishedAt?: Date;
}

const NOTE = `
  INSERT INTO heard_runs AS known (run_key, started, finished_at)
  SELECT * FROM unnest($1::text[], $2::boolean[], $3::timestamptz[])
  ON CONFLICT (run_key) DO UPDATE SET started = known.started OR excluded.started, finished_at = greatest(known.finished_at, excluded.finished_at), heard_at = now()
  WHERE (excluded.started AND NOT known.started) OR excluded.finished_at > coalesce(known.finished_at, '-infinity')`;

const finishedAt = ({ finished, event }: HeardRun): Date | null => (finished ? new Date(event.finishedAt ?? event.occurredAt) : null);

const later = (one: Date | null, other: Date | null): Date | null => (one && other ? (one > other ? one : other) : (one ?? other));

/** The table `heard_runs`. */
@Injectable()
export class HeardRepository implements HeardRuns {
  constructor(private readonly database: Database) {}

  /** Hooks repeat themselves: only what is new of a pipeline is written. */
  async note(heard: readonly HeardRun[], tx: Queryable = this.database): Promise<void> {
    const rows = new Map<string, { started: boolean; finishedAt: Date | null }>();
    for (const one of heard) {
      const known = rows.get(one.runKey);
      rows.set(one.runKey, { started: (known?.started ?? false) || !one.finished, finishedAt: later(known?.finishedAt ?? null, finishedAt(one)) });
    }
    const keys = [...rows.keys()].sort();
    await tx.query(NOTE, [keys, keys.map((key) => rows.get(key)!.started), keys.map((key) => rows.get(key)!.finishedAt)]);
  }

  /** What was told of these; those that nothing was told of are left out. */
  async of(runKeys: readonly string[]): Promise<Map<string, Heard>> {
    const rows = await this.database.query<{ run_key: string; started: boolean; finished_at: Date | null }>(
      'SELECT run_key, started, finished_at FROM heard_runs WHERE run_key = ANY($1)', [runKeys]);
    return new Map(rows.map((row) => [row.run_key, { started: row.started, finishedAt: row.finished_at ?? undefined }]));
  }

  /** Of these, those that we started and follow: their end is told by the tracker, with the command behind it. */
  async followed(runKeys: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ run_key: string }>('SELECT run_key FROM watched_runs WHERE run_key = ANY($1) AND ended_at IS NULL', [runKeys]);
    return new Set(rows.map((row) => row.run_key));
  }

  async forget(days: number): Promise<void> {
    await this.database.query('DELETE FROM heard_runs WHERE heard_at < now() - make_interval(days => $1)', [days]);
  }
}
