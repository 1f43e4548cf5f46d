import { Injectable } from '@nestjs/common';
import { parseCommandId, platformRunKeyOfFact, type CloudEvent, type PlatformEvent, type TriggerResult } from '@stellwerk/contracts';
import type { Queryable } from '@stellwerk/database';
import { pipelineRunState } from './status-messages.js';

const RANK = { queued: 0, started: 1 } as const;

// Platforms promise no order: an event moves a run forward only, by attempt, platform's time, then rank.
const SEEN = `
  INSERT INTO platform_runs AS known
    (key, connection, repository, pipeline, external_id, attempt, url, state, rank, branch, sha, run, step, started_at, finished_at, changed_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
  ON CONFLICT (key) DO UPDATE SET
    pipeline = coalesce(EXCLUDED.pipeline, known.pipeline), url = coalesce(EXCLUDED.url, known.url),
    attempt = EXCLUDED.attempt, state = EXCLUDED.state, rank = EXCLUDED.rank, branch = EXCLUDED.branch, sha = EXCLUDED.sha,
    run = coalesce(nullif(EXCLUDED.run, ''), known.run), step = coalesce(nullif(EXCLUDED.step, ''), known.step),
    started_at = coalesce(EXCLUDED.started_at, known.started_at), finished_at = EXCLUDED.finished_at, changed_at = EXCLUDED.changed_at
  WHERE (EXCLUDED.attempt, EXCLUDED.changed_at, EXCLUDED.rank) >= (known.attempt, known.changed_at, known.rank)`;

const CLAIMED = `
  INSERT INTO platform_runs (key, connection, repository, pipeline, external_id, attempt, url, state, rank, branch, sha, run, step, changed_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 'triggered', -1, '', '', $8, $9, $10)
  ON CONFLICT (key) DO UPDATE SET run = EXCLUDED.run, step = EXCLUDED.step`;

/** The platforms' own runs, and which of our runs started them. */
@Injectable()
export class PlatformRunsRepository {
  async seen(tx: Queryable, type: string, event: CloudEvent<PlatformEvent>): Promise<void> {
    const { data } = event;
    if (!data.run) return;
    const command = data.correlation === undefined ? undefined : parseCommandId(data.correlation);
    const state = pipelineRunState(type, data);
    await tx.query(SEEN, [
      platformRunKeyOfFact(event.fact), data.connection, data.repository ?? '', data.pipeline ?? null, data.run.id, data.run.attempt,
      data.run.url ?? null, state, RANK[state as keyof typeof RANK] ?? 2, data.branch ?? '', data.sha ?? '', command?.run ?? '', command?.step ?? '',
      data.startedAt ?? null, data.finishedAt ?? null, data.occurredAt,
    ]);
  }

  /** A connector says which of our runs this platform run belongs to. */
  async claimed(tx: Queryable, { data }: CloudEvent<TriggerResult>): Promise<void> {
    if (!data.platformRunKey || !data.platformRun) return;
    await tx.query(CLAIMED, [
      data.platformRunKey, data.connection, data.repository ?? '', data.pipeline ?? null, data.platformRun.id, data.platformRun.attempt,
      data.platformRun.url ?? null, data.run, data.step, data.occurredAt,
    ]);
  }

  /** True the first time; a hook, a repeated hook and a poll tell the same fact. */
  async tellOnce(tx: Queryable, fact: string): Promise<boolean> {
    const rows = await tx.query('INSERT INTO told_facts (fact) VALUES ($1) ON CONFLICT DO NOTHING RETURNING fact', [fact]);
    return rows.length > 0;
  }
}
