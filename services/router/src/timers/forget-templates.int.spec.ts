import { runMigrations, type Queryable } from '@stellwerk/database';
import { testDatabaseUrl, waitFor } from '@stellwerk/testing';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../../migrations/index.js';
import { EventWaitsRepository } from '../waits/event-waits.repository.js';
import { OldRunsRepository } from './old-runs.repository.js';

const TEMPLATE = { type: 'pipelinerun.finished', template: '${{ event.sha }}' };
const old = new OldRunsRepository();
const waits = new EventWaitsRepository({} as never);

let pool: pg.Pool;
const on = (client: Pick<pg.Pool, 'query'>): Queryable => ({ query: async (sql: string, parameters?: readonly unknown[]) => (await client.query(sql, parameters as unknown[])).rows }) as Queryable;

beforeAll(async () => {
  const url = await testDatabaseUrl();
  await runMigrations('router', migrations, url);
  pool = new pg.Pool({ connectionString: url, options: '-c search_path=router' });
});

afterAll(() => pool?.end());

beforeEach(async () => {
  await waits.want(on(pool), [TEMPLATE]);
  await pool.query("UPDATE awaited_keys SET wanted_at = now() - interval '91 days'");
});

const forget = (): Promise<number> => old.forgetTemplates(on(pool), 90, 1_000);
const templates = async (): Promise<unknown[]> => waits.templates(on(pool));

/** Two at once: `second` begins when `first` is written and not committed yet, and has to wait for it. */
const oneAfterTheOther = async <T>(first: (db: Queryable) => Promise<unknown>, second: () => Promise<T>, statement: string): Promise<T> => {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await first(on(client));
    const waiting = second();
    await waitFor(async () => (await pool.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1", [`%${statement}%`])).rows.length > 0, { what: `${statement} to wait` });
    await client.query('COMMIT');
    return await waiting;
  } finally {
    client.release();
  }
};

describe('a template that nobody has wanted for 90 days', () => {
  it('goes', async () => {
    expect(await forget()).toBe(1);
    expect(await templates()).toEqual([]);
  });

  it('stays when a run that waits by it starts while it is being deleted', async () => {
    expect(await oneAfterTheOther((db) => waits.want(db, [TEMPLATE]), forget, 'DELETE FROM awaited_keys')).toBe(0);
    expect(await templates()).toEqual([TEMPLATE]);
  });

  it('is there again when a run that waits by it starts just after it was deleted', async () => {
    await oneAfterTheOther((db) => old.forgetTemplates(db, 90, 1_000), () => waits.want(on(pool), [TEMPLATE]), 'INSERT INTO awaited_keys');
    expect(await templates()).toEqual([TEMPLATE]);
    expect(await forget()).toBe(0);
  });
});
