import { testDatabaseUrl } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDatabase } from '../spec/database-rig.js';
import { forgetOld, takeNew, takeOnce, type Database } from './index.js';

describe('the inbox', () => {
  let database: Database;

  beforeAll(async () => {
    database = await startDatabase(await testDatabaseUrl());
  });

  afterAll(() => database.close());

  it('takes a message once, however many try at the same moment', async () => {
    const takers = Array.from({ length: 6 }, () => database.transaction((tx) => takeOnce(tx, 'router-events', 'hook:1')));
    expect((await Promise.all(takers)).filter(Boolean)).toHaveLength(1);
    expect(await takeOnce(database, 'another-consumer', 'hook:1')).toBe(true);
  });

  it('takes many at once, each once, whoever takes them in whatever order', async () => {
    const ids = ['m:1', 'm:2', 'm:3', 'm:4'];
    const takers = [ids, ids.toReversed(), ['m:2', 'm:2', 'm:5']].map((some) => database.transaction((tx) => takeNew(tx, 'router-events', some)));
    const taken = (await Promise.all(takers)).flatMap((some) => [...some]);
    expect(taken.sort()).toEqual([...ids, 'm:5']);
  });

  it('does not take a message whose transaction was rolled back', async () => {
    const failing = database.transaction(async (tx) => {
      await takeOnce(tx, 'router-events', 'hook:2');
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect(await takeOnce(database, 'router-events', 'hook:2')).toBe(true);
  });

  it('forgets keys only when they are old', async () => {
    await takeOnce(database, 'router-events', 'new');
    await database.query("INSERT INTO inbox (consumer, message_id, taken_at) VALUES ('router-events', 'old', now() - interval '91 days')");
    expect(await forgetOld(database)).toBe(1);
    expect(await takeOnce(database, 'router-events', 'new')).toBe(false);
  });
});
