import { runMigrations } from '@stellwerk/database';
import { testDatabaseUrl } from '@stellwerk/testing';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { Incidents1764000000105 } from './0005-incidents.js';
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
    const living = new migrations[2]!();
    await living.down({ query: (sql: string) => database.query(sql) } as never);
    expect((await database.query('SELECT id, state FROM deliveries ORDER BY seq')).rows).toEqual([{ id: 'pending', state: 'pending' }, { id: 'held', state: 'dead' }, { id: 'gathering', state: 'dead' }]);
    await living.up({ query: (sql: string) => database.query(sql) } as never);
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
