import { startTestPostgres, tempDir, testDatabaseUrl, type TestPostgres } from '@stellwerk/testing';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPostgres, dropStaleLock, ensureDatabase, initialisePostgres, postgresPlace, postgresUser } from './index.js';

const isRoot = process.getuid?.() === 0;

describe('a killed PostgreSQL', () => {
  let postgres: TestPostgres;
  beforeAll(async () => { postgres = await startTestPostgres(); });
  afterAll(() => postgres.stop());

  it('comes back with what was written', async () => {
    await ensureDatabase(postgres.url(), 'kept');
    await postgres.kill();
    await expect(checkPostgres(postgres.url())).rejects.toThrow();
    await postgres.restart();
    await checkPostgres(postgres.url('kept'));
  });
});

describe('a lock file', () => {
  it('of a number that now belongs to something else is removed', async () => {
    const dir = await tempDir('lock');
    const lock = join(dir.path, 'postmaster.pid');
    writeFileSync(lock, `${process.pid}\n${dir.path}\n`);
    await dropStaleLock(dir.path);
    expect(existsSync(lock)).toBe(false);
    await dir.remove();
  });
});

describe.runIf(isRoot)('as root', () => {
  it('a folder below a closed one is moved to where the other user can reach it, and it is said', async () => {
    const closed = await tempDir('closed'); // 0700 and root's.
    const place = await postgresPlace(join(closed.path, 'state', 'postgres'), postgresUser());
    const outside = dirname(place.dataDir);
    try {
      expect(place.note).toContain(place.dataDir);
      expect(await postgresPlace(join(closed.path, 'state', 'postgres'), postgresUser())).toEqual(place);
      await initialisePostgres(place, 'secret');
      expect(readdirSync(place.dataDir)).toContain('PG_VERSION');
      expect(readdirSync(outside)).toEqual(['data']);
    } finally {
      rmSync(outside, { recursive: true });
      await closed.remove();
    }
  });
});

describe('what cannot be reached', () => {
  it('is an error with a reason, not a wait for ever', async () => {
    const url = new URL(await testDatabaseUrl());
    url.password = 'wrong';
    await expect(checkPostgres(url.toString())).rejects.toThrow(/password authentication failed/);
  });
});
