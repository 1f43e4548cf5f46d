import { runMigrations } from '@stellwerk/database';
import { testDatabaseUrl } from '@stellwerk/testing';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { Incidents1764000000105 } from './0005-incidents.js';
import { DigestsInPages1764000000107 } from './0007-digests-in-pages.js';
import { migrations } from './index.js';

/** As the version before living messages wrote and took up its rows. */
const BEFORE = {
  add: `INSERT INTO deliveries (id, run, transition, occurrence, channel, flow, version, notice, trace, state, next_attempt_at)
    VALUES ($1, 'run', $1, 1, 'slack', 'release', 1, '{}', '{}', $2, now())`,
  due: "SELECT id FROM deliveries WHERE state = 'pending' AND next_attempt_at <= now() ORDER BY seq",
};

describe('the schema of living messages and quiet channels', () => {
  it('serves a version before: it adds, and takes up only what it knows', async () => {
    const url = await testDatabaseUrl();
    await runMigrations('notifier', migrations, url);
    const database = new pg.Pool({ connectionString: url, options: '-c search_path=notifier' });
    for (const state of ['pending', 'gathering', 'held', 'gathered', 'counted']) await database.query(BEFORE.add, [state, state]);
    expect((await database.query(BEFORE.due)).rows).toEqual([{ id: 'pending' }]);
    const { rows } = await database.query('SELECT lane, judged, refresh, silent, repeats, repeatable FROM deliveries WHERE id = $1', ['pending']);
    expect(rows).toEqual([{ lane: 'message', judged: false, refresh: false, silent: false, repeats: 0, repeatable: null }]);
    await database.end();
  });

  it('goes back, and leaves nothing that the version before cannot read', async () => {
    const url = await testDatabaseUrl();
    await runMigrations('notifier', migrations, url);
    const database = new pg.Pool({ connectionString: url, options: '-c search_path=notifier' });
    for (const state of ['pending', 'held', 'gathering']) await database.query(BEFORE.add, [state, state]);
    const runner = { query: (sql: string) => database.query(sql) } as never;
    const since = migrations.slice(2).map((migration) => new migration());
    for (const migration of since.toReversed()) await migration.down(runner);
    expect((await database.query('SELECT id, state FROM deliveries ORDER BY seq')).rows).toEqual([{ id: 'pending', state: 'pending' }, { id: 'held', state: 'dead' }, { id: 'gathering', state: 'dead' }]);
    for (const migration of since) await migration.up(runner);
    await database.end();
  });
});

describe('the schema of digests that are closed in pages', () => {
  it('keeps one that is being closed from a version before, which would tell its last page as if it were all', async () => {
    const url = await testDatabaseUrl();
    await runMigrations('notifier', migrations, url);
    const database = new pg.Pool({ connectionString: url, options: '-c search_path=notifier' });
    for (const state of ['gathering', 'closing']) await database.query(BEFORE.add, [state, state]);
    expect((await database.query("SELECT id FROM deliveries WHERE state = 'gathering' AND next_attempt_at <= now() ORDER BY next_attempt_at FOR UPDATE SKIP LOCKED")).rows).toEqual([{ id: 'gathering' }]);
    const runner = { query: (sql: string) => database.query(sql) } as never;
    await database.query(BEFORE.add, ['waits', 'held']);
    await database.query("UPDATE deliveries SET digest = 'closing' WHERE id = 'waits'");
    await new DigestsInPages1764000000107().down(runner);
    expect((await database.query('SELECT id, state FROM deliveries ORDER BY seq')).rows).toEqual([{ id: 'gathering', state: 'gathering' }, { id: 'closing', state: 'dead' }, { id: 'waits', state: 'dead' }]);
    await new DigestsInPages1764000000107().up(runner);
    await database.end();
  });
});

describe('the schema of incidents', () => {
  it('serves a version before, whose messages have none, and goes back with what was written', async () => {
    const url = await testDatabaseUrl();
    await runMigrations('notifier', migrations, url);
    const database = new pg.Pool({ connectionString: url, options: '-c search_path=notifier' });
    await database.query(BEFORE.add, ['old', 'pending']);
    expect((await database.query('SELECT incident FROM deliveries')).rows).toEqual([{ incident: null }]);
    await database.query("UPDATE deliveries SET incident = 'release'");
    await new Incidents1764000000105().down({ query: (sql: string) => database.query(sql) } as never);
    expect((await database.query(BEFORE.due)).rows).toEqual([{ id: 'old' }]);
    await new Incidents1764000000105().up({ query: (sql: string) => database.query(sql) } as never);
    expect((await database.query('SELECT incident FROM deliveries')).rows).toEqual([{ incident: null }]);
    await database.end();
  });
});
