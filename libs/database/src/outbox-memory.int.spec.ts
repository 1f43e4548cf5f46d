import { PermanentError, StoreAwayError } from '@stellwerk/service-kit';
import { testDatabaseUrl, waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDatabase } from '../spec/database-rig.js';
import { OutboxRelay, enqueue, type Database, type Enqueued, type OutboxMessage, type Queryable } from './index.js';

const message = (id: string, subject = 'events.router.run.started'): OutboxMessage => ({ id, subject, body: `{"id":"${id} \\u0022"}`, headers: { 'Content-Type': 'application/json' } });

describe('what a transaction enqueued, published from memory', () => {
  let database: Database;
  let sent: string[];
  let statements: string[];

  beforeAll(async () => {
    database = await startDatabase(await testDatabaseUrl());
  });

  beforeEach(async () => {
    [sent, statements] = [[], []];
    await database.query('DELETE FROM outbox');
  });

  afterAll(() => database.close());

  /** Notes the statements that a relay sends. */
  const watched = (): Database => new Proxy(database, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (name === 'query') return (sql: string, parameters?: unknown[]) => { statements.push(sql); return database.query(sql, parameters); };
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const relayTo = (publish: (one: OutboxMessage) => Promise<void>, on = database): OutboxRelay => new OutboxRelay(on, publish);
  const note = async ({ id }: OutboxMessage): Promise<void> => { sent.push(id); };
  const commit = (relay: OutboxRelay, ...ids: string[]): Promise<Enqueued> => database.transaction((tx) => relay.enqueue(tx, ids.map((id) => message(id))));
  const left = async () => (await database.query<{ message_id: string }>('SELECT message_id FROM outbox ORDER BY id')).map((row) => row.message_id);

  it('is sent whole, with its own trace, and costs one deletion', async () => {
    const whole: OutboxMessage[] = [];
    const relay = relayTo(async (one) => { whole.push(one); }, watched());
    const trace = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
    await relay.publish(await database.transaction((tx) => relay.enqueue(tx, [{ ...message('a:1'), trace }, message('b:1')])));
    expect(whole).toEqual([{ ...message('a:1'), trace }, { ...message('b:1'), trace: {} }]);
    expect(statements).toHaveLength(1);
    expect(await left()).toEqual([]);
  });

  it('is left alone by the sweeps of all relays', async () => {
    const relay = relayTo(note);
    const enqueued = await commit(relay, 'a:1');
    await relayTo(note).flush();
    await relay.flush();
    expect(sent).toEqual([]);
    await relay.publish(enqueued);
    expect(sent).toEqual(['a:1']);
  });

  it('waits behind what another relay has of its key, and follows by itself', async () => {
    const [first, second] = [relayTo(note), relayTo(note)];
    const before = await commit(first, 'a:1');
    second.start();
    await second.publish(await commit(second, 'a:2', 'b:1'));
    expect(sent).toEqual(['b:1']);
    await first.publish(before);
    await waitFor(() => sent.includes('a:2'), { what: 'the second to follow' });
    await second.stop();
    expect(sent).toEqual(['b:1', 'a:1', 'a:2']);
  });

  it('waits behind what was left over', async () => {
    await database.transaction((tx) => enqueue(tx, [message('a:1')]));
    const relay = relayTo(note);
    await relay.publish(await commit(relay, 'a:2'));
    expect(sent).toEqual(['a:1', 'a:2']);
  });

  it('does not overtake what could not be published before it', async () => {
    let away = true;
    const relay = relayTo(async (one) => {
      if (away && one.id === 'a:1') throw new StoreAwayError('no broker');
      await note(one);
    });
    const [first, second] = [await commit(relay, 'a:1', 'c:1'), await commit(relay, 'a:2')];
    await expect(relay.publish(first)).rejects.toThrow('no broker');
    await relay.publish(second);
    expect(sent).toEqual(['c:1']);
    away = false;
    await relay.flush();
    expect([sent, await left()]).toEqual([['c:1', 'a:1', 'a:2'], []]);
  });

  it('is published by another relay when its own died before', async () => {
    await commit(relayTo(note), 'a:1');
    await database.query('UPDATE outbox SET leased_until = now()');
    await relayTo(note).flush();
    expect([sent, await left()]).toEqual([['a:1'], []]);
  });

  it('and is refused for good: another message is told in its place', async () => {
    const relay = new OutboxRelay(database, async (one) => {
      if (one.subject.startsWith('commands.')) throw new PermanentError('too large');
      await note(one);
    }, { substitute: ({ id }, reason) => [message(`${id}:${reason}`)] });
    const put = (tx: Queryable): Promise<Enqueued> => relay.enqueue(tx, [message('a:1', 'commands.github.github.dispatch-workflow')]);
    await relay.publish(await database.transaction(put));
    await relay.flush();
    expect(sent).toEqual(['a:1:too large']);
    expect(await database.query('SELECT message_id, refused_reason FROM outbox')).toEqual([{ message_id: 'a:1', refused_reason: 'too large' }]);
  });
});
