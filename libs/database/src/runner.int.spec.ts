import { testDatabaseUrl } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routerDatabase, startDatabase } from '../spec/database-rig.js';
import type { Database } from './index.js';

describe('statements and their transactions', () => {
  let database: Database;

  beforeAll(async () => {
    database = await startDatabase(await testDatabaseUrl());
  });

  afterAll(() => database.close());

  it('does not commit a transaction one of whose statements failed, also when its error was not heard', async () => {
    const deaf = database.transaction(async (tx) => {
      await tx.query("INSERT INTO things VALUES ('deaf')");
      await tx.query('SELECT no_such_column').catch(() => undefined);
    });
    await expect(deaf).rejects.toThrow(/rolled back/);
    expect(await database.query("SELECT id FROM things WHERE id = 'deaf'")).toEqual([]);
  });

  it('prepares a statement anew when a migration changed what it gives', async () => {
    const all = (): Promise<unknown[]> => database.transaction((tx) => tx.query('SELECT * FROM changing WHERE id = $1', [1]));
    await database.query('CREATE TABLE changing (id int)');
    await database.query('INSERT INTO changing VALUES (1)');
    expect(await all()).toEqual([{ id: 1 }]);
    await database.query('ALTER TABLE changing ADD COLUMN more text');
    expect(await all()).toEqual([{ id: 1, more: null }]);
  });

  it('with lookups, finds rows by an index also in a table that is empty yet', async () => {
    const planned = async (some: Database): Promise<string> => {
      const join = 'EXPLAIN UPDATE things SET n = new.n FROM unnest($1::text[], $2::int[]) AS new(id, n) WHERE things.id = new.id';
      return (await some.query<{ 'QUERY PLAN': string }>(join, [['a'], [1]])).map((line) => line['QUERY PLAN']).join(' ');
    };
    const lookups = routerDatabase(await testDatabaseUrl(), [], 30_000, { lookups: true });
    try {
      await lookups.query('CREATE SCHEMA IF NOT EXISTS router');
      await lookups.query('CREATE TABLE IF NOT EXISTS things (id text PRIMARY KEY, n int NOT NULL DEFAULT 0)');
      expect(await planned(lookups)).toMatch(/Nested Loop.*Index Scan using things_pkey/);
    } finally {
      await lookups.close();
    }
  });
});
