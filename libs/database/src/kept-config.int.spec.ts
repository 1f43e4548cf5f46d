import { testDatabaseUrl, waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDatabase } from '../spec/database-rig.js';
import { KeptConfigRepository, type Database } from './index.js';

describe('the configuration that is kept', () => {
  let database: Database;
  let kept: KeptConfigRepository;

  beforeAll(async () => {
    database = await startDatabase(await testDatabaseUrl());
    kept = new KeptConfigRepository(database);
  });

  afterAll(() => database.close());

  const set = (name: string, ageSeconds: number) => ({ revision: name, content: Buffer.from([0, 255, ...Buffer.from(name)]), ageSeconds });
  const newest = async (directory: string): Promise<string | undefined> => (await kept.newest(directory))?.revision;

  it('is what came into force last, byte for byte, with its age', async () => {
    await kept.keep('/a', set('one', 50));
    expect(await kept.keep('/a', set('two', 20))).toBe(true);
    const found = await kept.newest('/a');
    expect([found!.revision, Buffer.from(found!.content)]).toEqual(['two', set('two', 0).content]);
    expect(found!.ageSeconds).toBeGreaterThanOrEqual(20);
  });

  it('is not replaced by an older one whose writer had to wait', async () => {
    await kept.keep('/late', set('newer', 10));
    expect(await kept.keep('/late', set('older', 600))).toBe(false);
    expect(await newest('/late')).toBe('newer');
  });

  it('is written once: the same again changes nothing, not even its age', async () => {
    await kept.keep('/same', set('one', 500));
    expect(await kept.keep('/same', set('one', 0))).toBe(false);
    expect((await kept.newest('/same'))!.ageSeconds).toBeGreaterThanOrEqual(500);
  });

  it('comes back when an older content is put in force anew', async () => {
    await kept.keep('/back', set('one', 30));
    await kept.keep('/back', set('two', 20));
    expect(await kept.keep('/back', set('one', 10))).toBe(true);
    expect(await newest('/back')).toBe('one');
  });

  it('is that of one directory only', async () => {
    await kept.keep('/mine', set('mine', 0));
    await kept.keep('/other', set('other', 0));
    expect([await newest('/mine'), await newest('/other'), await newest('/mine/')]).toEqual(['mine', 'other', undefined]);
  });

  it('goes when nobody has confirmed its directory for so long, never that of whoever asks', async () => {
    for (const directory of ['/mine', '/used', '/unused']) await kept.keep(directory, set('one', 0));
    await database.query("UPDATE kept_configs SET confirmed_at = now() - interval '91 days' WHERE directory IN ('/mine', '/used', '/unused')");
    expect([await kept.confirm('/used'), await kept.confirm('/nothing')]).toEqual([true, false]);
    expect(await kept.forgetUnused('/mine', 90)).toEqual(['/unused']);
    expect([await newest('/mine'), await newest('/used'), await newest('/unused')]).toEqual(['one', 'one', undefined]);
  });

  it('stays when its directory is confirmed in the moment in which another would delete it', async () => {
    await kept.keep('/raced', set('one', 0));
    await database.query("UPDATE kept_configs SET confirmed_at = now() - interval '91 days' WHERE directory = '/raced'");
    const forgetting = await database.transaction(async (tx) => {
      await tx.query("UPDATE kept_configs SET confirmed_at = now() WHERE directory = '/raced'");
      const started = kept.forgetUnused('/mine', 90);
      await waitFor(async () => (await database.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%DELETE FROM kept_configs%'")).length > 0, { what: 'the deletion to wait' });
      return { started };
    });
    expect(await forgetting.started).toEqual([]);
    expect(await newest('/raced')).toBe('one');
  });

  it('is the newest of many replicas that write at once, in whatever order', async () => {
    const ages = [70, 10, 90, 30, 50, 20, 80, 40];
    await Promise.all(ages.map((age) => kept.keep('/many', set(`aged-${age}`, age))));
    expect(await newest('/many')).toBe('aged-10');
    expect(await database.query('SELECT 1 FROM kept_configs WHERE directory = $1', ['/many'])).toHaveLength(1);
  });
});
