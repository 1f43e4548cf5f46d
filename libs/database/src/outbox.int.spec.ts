import { PermanentError, StoreAwayError } from '@stellwerk/service-kit';
import { testDatabaseUrl, waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDatabase } from '../spec/database-rig.js';
import { OutboxRelay, enqueue, type Database, type OutboxMessage } from './index.js';

const message = (id: string): OutboxMessage => ({ id, subject: 'events.router.run.started', body: `{"id":"${id}"}`, headers: { 'Content-Type': 'application/json' } });

describe('the outbox', () => {
  let database: Database;

  beforeAll(async () => {
    database = await startDatabase(await testDatabaseUrl());
  });

  beforeEach(() => database.query('DELETE FROM outbox'));

  afterAll(() => database.close());

  const put = (...ids: string[]) => database.transaction((tx) => enqueue(tx, ids.map(message), { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }));
  const left = async () => (await database.query<{ message_id: string }>('SELECT message_id FROM outbox ORDER BY id')).map((row) => row.message_id);

  it('publishes what was committed, whole, with the trace of who decided it', async () => {
    const sent: unknown[] = [];
    await put('run:1');
    await new OutboxRelay(database, async (one) => { sent.push(one); }).flush();
    expect(sent).toEqual([{ ...message('run:1'), trace: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } }]);
    expect(await left()).toEqual([]);
  });

  it('publishes nothing of a transaction that was rolled back', async () => {
    const sent: string[] = [];
    const failing = database.transaction(async (tx) => {
      await enqueue(tx, [message('run:never')]);
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    await new OutboxRelay(database, async ({ id }) => { sent.push(id); }).flush();
    expect(sent).toEqual([]);
  });

  it('keeps the order within a run over several relays that work at once', async () => {
    const sent: string[] = [];
    const slow = async ({ id }: OutboxMessage) => {
      await new Promise((resolve) => { setTimeout(resolve, Math.random() * 10); });
      sent.push(id);
    };
    const relays = [0, 1, 2].map(() => new OutboxRelay(database, slow, { batch: 3 }));
    const wanted: Record<string, string[]> = {};
    for (let n = 1; n <= 12; n += 1) {
      const ids = ['a', 'b', 'c'].map((run) => `${run}:${n}`);
      ids.forEach((id) => (wanted[id[0]!] ??= []).push(id));
      await put(...ids);
      void Promise.all(relays.map((relay) => relay.flush()));
    }
    await waitFor(async () => {
      await Promise.all(relays.map((relay) => relay.flush()));
      return sent.length === 36 && (await left()).length === 0;
    }, { what: 'all published' });
    expect(Map.groupBy(sent, (id) => id[0]!)).toEqual(new Map(Object.entries(wanted).map(([run, ids]) => [run, ids])));
  });

  it('flush resolves only when what the caller committed is published', async () => {
    const sent: string[] = [];
    const gate = Promise.withResolvers<void>();
    const relay = new OutboxRelay(database, async ({ id }) => {
      if (id === 'first:1') await gate.promise;
      sent.push(id);
    });
    await put('first:1');
    const first = relay.flush();
    await put('second:1');
    const second = relay.flush();
    gate.resolve();
    await second;
    expect(sent).toContain('second:1');
    await first;
  });

  it('keeps what the broker did not confirm, and does not overtake it within its run', async () => {
    const sent: string[] = [];
    let away = true;
    const relay = new OutboxRelay(database, async ({ id }) => {
      if (away && id === 'run:1') throw new StoreAwayError('no broker');
      sent.push(id);
    });
    await put('run:1', 'run:2', 'other:1');
    await expect(relay.flush()).rejects.toThrow('no broker');
    expect(await left()).toEqual(['run:1', 'run:2']);
    away = false;
    await relay.flush();
    expect(sent).toEqual(['other:1', 'run:1', 'run:2']);
  });

  it('sets aside what no broker will ever take, and goes on behind it', async () => {
    const sent: string[] = [];
    const relay = new OutboxRelay(database, async ({ id }) => {
      if (id === 'run:1') throw new PermanentError('too large');
      sent.push(id);
    });
    await put('run:1', 'run:2');
    await relay.flush();
    expect(sent).toEqual(['run:2']);
    expect(await database.query('SELECT message_id, refused_reason FROM outbox')).toEqual([{ message_id: 'run:1', refused_reason: 'too large' }]);
  });

  it('sweeps up what a crash left between commit and publish', async () => {
    const sent: string[] = [];
    await put('left:1');
    const relay = new OutboxRelay(database, async ({ id }) => { sent.push(id); }, { sweepMs: 20 });
    relay.start();
    await waitFor(() => sent.includes('left:1'), { what: 'the sweep' });
    await relay.stop();
    expect(await left()).toEqual([]);
  });
});
