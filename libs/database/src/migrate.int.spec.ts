import { testDatabaseUrl } from '@stellwerk/testing';
import { describe, expect, it } from 'vitest';
import { CreateTables1764000000001, MIGRATIONS, startDatabase } from '../spec/database-rig.js';
import { runMigrations, type MigrationInterface, type QueryRunner } from './index.js';

class Fails1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE half (id int)');
    throw new Error('no further');
  }

  async down(): Promise<void> {}
}

describe('migrations', () => {
  it('run once, in order, into the schema of the service', async () => {
    const url = await testDatabaseUrl();
    expect(await runMigrations('github-connector', MIGRATIONS, url)).toEqual([CreateTables1764000000001.name]);
    expect(await runMigrations('github-connector', MIGRATIONS, url)).toEqual([]);
  });

  it('run once when several jobs start at the same moment', async () => {
    const url = await testDatabaseUrl();
    const results = await Promise.all([1, 2, 3].map(() => runMigrations('router', MIGRATIONS, url)));
    expect(results.flat()).toEqual([CreateTables1764000000001.name]);
  });

  it('leave nothing of one that failed, and keep those before it', async () => {
    const url = await testDatabaseUrl();
    await expect(runMigrations('router', [...MIGRATIONS, Fails1764000000002], url)).rejects.toThrow('no further');
    const database = await startDatabase(url);
    expect(await database.query("SELECT to_regclass('router.half') AS half, to_regclass('router.things')::text AS things")).toEqual([{ half: null, things: 'things' }]);
    await database.close();
  });

  it('refuse at once an address that will never work, without its password', async () => {
    const url = new URL(await testDatabaseUrl());
    url.password = 'wrong-one';
    const error = await runMigrations('router', MIGRATIONS, url.toString()).catch((thrown: Error) => thrown);
    expect(String(error)).toMatch(/cannot be used: password authentication failed/);
    expect(String(error)).not.toContain('wrong-one');
  });
});
