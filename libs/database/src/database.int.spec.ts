import { existsSync } from 'node:fs';
import { RetryableError, StoreAwayError } from '@stellwerk/service-kit';
import { startTestPostgres, testDatabaseUrl, waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS, routerDatabase, startDatabase } from '../spec/database-rig.js';
import { startProxy } from '../spec/freezing-proxy.js';
import { isUniqueViolation, runMigrations, type Database } from './index.js';

// The clusters of the tests do not flush at commit; who kills one says CHECKPOINT before.
describe('the database', () => {
  let database: Database;

  beforeAll(async () => {
    database = await startDatabase(await testDatabaseUrl());
  });

  afterAll(() => database.close());

  const numberOf = async (id: string): Promise<number | undefined> =>
    (await database.query<{ n: number }>('SELECT n FROM things WHERE id = $1', [id]))[0]?.n;

  it('gives rows for every kind of statement, also UPDATE and DELETE', async () => {
    expect(await database.query('INSERT INTO things VALUES ($1, 1) RETURNING id', ['kinds'])).toEqual([{ id: 'kinds' }]);
    expect(await database.query('UPDATE things SET n = 2 WHERE id = $1 RETURNING n', ['kinds'])).toEqual([{ n: 2 }]);
    expect(await database.query('DELETE FROM things WHERE id = $1 RETURNING n', ['kinds'])).toEqual([{ n: 2 }]);
    expect(await database.query('DELETE FROM things WHERE id = $1', ['kinds'])).toEqual([]);
  });

  it('lives in the schema of its service', async () => {
    expect(await database.query("SELECT schemaname FROM pg_tables WHERE tablename = 'things'")).toEqual([{ schemaname: 'router' }]);
  });

  it('keeps nothing of a transaction that failed, and throws its error', async () => {
    const failing = database.transaction(async (tx) => {
      await tx.query("INSERT INTO things VALUES ('half')");
      throw new TypeError('stop');
    });
    await expect(failing).rejects.toThrow(TypeError);
    expect(await numberOf('half')).toBeUndefined();
  });

  it('does a transaction again that lost in a deadlock', async () => {
    await database.query("INSERT INTO things VALUES ('left', 0), ('right', 0)");
    const holding = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const crossing = (first: string, second: string, mine: number) => database.transaction(async (tx) => {
      await tx.query('UPDATE things SET n = n + 1 WHERE id = $1', [first]);
      holding[mine]!.resolve();
      await holding[1 - mine]!.promise;
      await tx.query('UPDATE things SET n = n + 1 WHERE id = $1', [second]);
    });
    await Promise.all([crossing('left', 'right', 0), crossing('right', 'left', 1)]);
    expect([await numberOf('left'), await numberOf('right')]).toEqual([2, 2]);
  });

  it('tells a broken unique key from other errors', async () => {
    await database.query("INSERT INTO things VALUES ('unique')");
    const error: unknown = await database.query("INSERT INTO things VALUES ('unique')").catch((thrown: unknown) => thrown);
    expect(isUniqueViolation(error)).toBe(true);
    expect(error).not.toBeInstanceOf(RetryableError);
  });

  it('outlives its server: StoreAwayError while it is dead, the same object works when it is back', async () => {
    const postgres = await startTestPostgres();
    const mortal = await startDatabase(await postgres.createDatabase());
    await mortal.query('CHECKPOINT');
    try {
      const interrupted = mortal.transaction(async (tx) => {
        await tx.query("INSERT INTO things VALUES ('lost')");
        const [backend] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await postgres.kill();
        // The process that serves this connection outlives the server by a moment, in which it would still commit.
        await waitFor(() => !existsSync(`/proc/${backend!.pid}`), { what: 'the backend to be gone' });
        await tx.query("INSERT INTO things VALUES ('lost too')");
      });
      await expect(interrupted).rejects.toThrow(StoreAwayError);
      await expect(mortal.query('SELECT 1')).rejects.toThrow(StoreAwayError);
      await expect(mortal.check()).rejects.toThrow(/away/);
      await postgres.restart();
      expect(await waitFor(() => mortal.query('SELECT id FROM things'), { what: 'the database', timeoutMs: 30_000 })).toEqual([]);
    } finally {
      await mortal.close();
      await postgres.stop();
    }
  });

  it('comes up by itself when it was started before its server', async () => {
    const postgres = await startTestPostgres();
    const url = await postgres.createDatabase();
    const before = await startDatabase(url);
    await before.query('CHECKPOINT');
    await before.close();
    await postgres.kill();
    const early = routerDatabase(url);
    try {
      early.start();
      const first = early.query('SELECT 1 AS one');
      await postgres.restart();
      expect(await first).toEqual([{ one: 1 }]);
    } finally {
      await early.close();
      await postgres.stop();
    }
  });

  it('drops a connection that answers nothing any more, and goes on with a new one', async () => {
    const proxy = await startProxy(await testDatabaseUrl());
    await runMigrations('router', MIGRATIONS, proxy.url);
    const patient = routerDatabase(proxy.url, MIGRATIONS, 1_000);
    try {
      await patient.query('SELECT 1');
      proxy.freeze();
      await expect(patient.query('SELECT 1')).rejects.toThrow(StoreAwayError);
      expect(await patient.query('SELECT 2 AS two')).toEqual([{ two: 2 }]);
    } finally {
      await patient.close();
      await proxy.close();
    }
  });
});
