import { testDatabaseUrl } from '@stellwerk/testing';
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

  it('is the newest of many replicas that write at once, in whatever order', async () => {
    const ages = [70, 10, 90, 30, 50, 20, 80, 40];
    await Promise.all(ages.map((age) => kept.keep('/many', set(`aged-${age}`, age))));
    expect(await newest('/many')).toBe('aged-10');
    expect(await database.query('SELECT 1 FROM kept_configs WHERE directory = $1', ['/many'])).toHaveLength(1);
  });
});
