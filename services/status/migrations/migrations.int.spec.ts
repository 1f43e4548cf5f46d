import { runMigrations } from '@stellwerk/database';
import { testDatabaseUrl } from '@stellwerk/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRun, next, onBranch } from '../test/runs.js';
import { RunsRepository } from '../src/record/runs.repository.js';
import { Pipelines1764000000013 } from './0013-pipelines.js';
import { migrations } from './index.js';

/** As the version before pipelines wrote a run, and asked what had ended before it. */
const BEFORE = {
  save: `INSERT INTO runs (id, flow, state, connection, repository, branch, sha, event_id, version, created_at, finished_at, snapshot)
    VALUES ($1, 'release', $2, 'github', 'acme/shop', 'main', '', 'e', 9, now(), '2026-01-01T00:00:00Z', '{}')
    ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state, version = EXCLUDED.version WHERE runs.version < EXCLUDED.version`,
  last: "SELECT id FROM runs WHERE flow = 'release' AND repository = 'acme/shop' AND branch = 'main' AND finished_at IS NOT NULL ORDER BY finished_at DESC",
};

let pool: pg.Pool;
const query = async (sql: string, parameters?: unknown[]): Promise<never[]> => (await pool.query(sql, parameters)).rows as never[];
const migrated = () => ({ query: (sql: string) => query(sql) }) as never;

beforeAll(async () => {
  const url = await testDatabaseUrl();
  await runMigrations('status', migrations, url);
  pool = new pg.Pool({ connectionString: url, options: '-c search_path=status' });
});

afterAll(() => pool?.end());

describe('the schema of pipelines', () => {
  it('serves a version before, whose failures are those of their event, and what it moves on keeps its pipeline', async () => {
    await query(BEFORE.save, ['old', 'failed']);
    const repository = new RunsRepository();
    const good = next(newRun({ event: { ...onBranch('main'), repository: 'group/scan' }, pipeline: { repository: 'acme/shop', branch: 'main' } }), 'succeeded');
    const other = next(newRun({ event: onBranch('main'), pipeline: { repository: 'group/scan' } }), 'succeeded');
    await repository.save({ query }, [good, other]);
    expect([...await repository.afterFailure({ query }, [good, other])]).toEqual([good.id]);
    await query(BEFORE.save, [good.id, 'failed']);
    expect(await query('SELECT state, pipeline_repository, pipeline_branch FROM runs WHERE id = $1', [good.id])).toEqual([{ state: 'failed', pipeline_repository: 'acme/shop', pipeline_branch: 'main' }]);
    expect(await query('SELECT pipeline_repository, pipeline_branch FROM runs WHERE id = $1', [other.id])).toEqual([{ pipeline_repository: 'group/scan', pipeline_branch: '' }]);
  });

  it('goes back, and finds by the events alone', async () => {
    const migration = new Pipelines1764000000013();
    await migration.down(migrated());
    expect(await query(BEFORE.last)).toContainEqual({ id: 'old' });
    await migration.up(migrated());
    expect(await query("SELECT pipeline_repository FROM runs WHERE id = 'old'")).toEqual([{ pipeline_repository: null }]);
  });
});
