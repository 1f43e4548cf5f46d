import { connect } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestNats, testDatabaseUrl, testNats, type TestNats } from './index.js';

const queryOne = async (url: string, sql: string): Promise<unknown> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
};

describe('the servers of a test run', () => {
  it('each spec gets a Postgres database of its own', async () => {
    const [one, two] = await Promise.all([testDatabaseUrl(), testDatabaseUrl()]);
    await queryOne(one, 'CREATE TABLE only_here (id int)');
    expect(await queryOne(two, "SELECT to_regclass('only_here') AS found")).toEqual({ found: null });
  });

  it('the shared NATS has JetStream and takes messages of 32 MB', async () => {
    const nc = await connect({ servers: testNats() });
    expect(nc.info).toMatchObject({ jetstream: true, max_payload: 32 * 1024 * 1024 });
    await nc.close();
  });
});

describe('a NATS of its own', () => {
  let nats: TestNats;
  beforeAll(async () => { nats = await startTestNats(); });
  afterAll(() => nats.stop());

  it('keeps its streams over SIGKILL and a restart', async () => {
    const declare = await connect({ servers: nats.url });
    await (await jetstreamManager(declare)).streams.add({ name: 'KEPT', subjects: ['kept'] });
    await declare.close();
    await nats.kill();
    await nats.restart();
    const again = await connect({ servers: nats.url });
    expect((await (await jetstreamManager(again)).streams.info('KEPT')).config.name).toBe('KEPT');
    await again.close();
  });
});
