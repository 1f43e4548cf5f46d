import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { startTestNats, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { declareOn } from '../spec/messaging-rig.js';
import { connectNats } from './connection.js';
import { NatsLink } from './nats-link.js';
import { StreamKeeper } from './stream-keeper.js';
import { StreamReader } from './stream-reader.js';

const SMALL = 100_000;
const BODY = 'x'.repeat(900);

let nats: TestNats;
let link: NatsLink;
let connection: NatsConnection;
let manager: JetStreamManager;
let keeper: StreamKeeper;
let reader: StreamReader;

const giveUp = (reason: string): never => { throw new Error(reason); };

beforeAll(async () => {
  nats = await startTestNats();
  await declareOn(nats.url);
  connection = await connectNats('test', nats.url);
  manager = await jetstreamManager(connection);
  link = new NatsLink({ name: 'status', url: nats.url }, giveUp);
  link.start();
  await waitFor(() => link.up, { what: 'the link' });
  [keeper, reader] = [new StreamKeeper(link), new StreamReader(link)];
});

afterAll(async () => {
  await link?.close();
  await connection?.close();
  await nats?.stop();
});

const publish = async (subject: string, count: number): Promise<number> => {
  let taken = 0;
  for (let n = 0; n < count; n += 1) {
    try {
      await jetstream(connection).publish(subject, BODY);
      taken += 1;
    } catch { return taken; }
  }
  return taken;
};

const settle = async (stream: string, name: string, count: number): Promise<void> => {
  const consumer = await jetstream(connection).consumers.get(stream, name);
  for await (const message of await consumer.fetch({ max_messages: count, expires: 5_000 })) await message.ackAck();
};

const stateOf = async (stream: string) => (await manager.streams.info(stream)).state;
const isFull = async (stream: string) => (await keeper.look()).find((fill) => fill.stream === stream)!.full;

describe('a stream that is full', () => {
  beforeEach(async () => {
    await manager.streams.purge('COMMANDS');
    await manager.streams.update('COMMANDS', { max_bytes: SMALL });
  });

  it('takes messages again once the oldest settled ones have gone, which consumers of other subjects do not hold back', async () => {
    const taken = await publish('commands.github.a.dispatch-workflow', 200);
    expect(taken).toBeLessThan(200);
    expect(await isFull('COMMANDS')).toBe(true);
    expect(await keeper.makeRoom('COMMANDS')).toEqual({ purged: 0, heldBy: 'github-connector-commands' });
    await settle('COMMANDS', 'github-connector-commands', taken - 1);
    const { purged } = await keeper.makeRoom('COMMANDS');
    expect(purged).toBeGreaterThan(taken / 3);
    expect((await stateOf('COMMANDS')).bytes).toBeLessThanOrEqual(SMALL * 0.51);
    expect(await isFull('COMMANDS')).toBe(false);
    expect(await publish('commands.github.a.dispatch-workflow', 1)).toBe(1);
    // What nobody has settled is all there.
    await waitFor(async () => (await manager.consumers.info('COMMANDS', 'github-connector-commands')).num_pending === 2, { what: 'both to be pending' });
  });

  it('keeps from the oldest message on that somebody has not settled, a team of strangers included', async () => {
    await manager.consumers.add('COMMANDS', { durable_name: 'their-own', ack_policy: 'explicit' as never, filter_subjects: ['commands.github.>'] });
    const taken = await publish('commands.github.a.dispatch-workflow', 200);
    await settle('COMMANDS', 'github-connector-commands', taken);
    await settle('COMMANDS', 'their-own', 5);
    expect(await keeper.makeRoom('COMMANDS')).toEqual({ purged: 5 });
    expect(await keeper.makeRoom('COMMANDS')).toEqual({ purged: 0, heldBy: 'their-own' });
    await manager.consumers.delete('COMMANDS', 'their-own');
    expect((await keeper.makeRoom('COMMANDS')).purged).toBeGreaterThan(0);
  });

  it('is not touched while a consumer of ours is missing', async () => {
    const taken = await publish('commands.github.a.dispatch-workflow', 200);
    await settle('COMMANDS', 'github-connector-commands', taken);
    await manager.consumers.delete('COMMANDS', 'gitlab-connector-commands');
    await expect(keeper.makeRoom('COMMANDS')).rejects.toThrow('gitlab-connector-commands does not exist');
  });

  it('of dead letters is left to people', async () => {
    await manager.streams.update('DEAD_LETTERS', { max_bytes: SMALL });
    await publish('dead-letters.EVENTS.router-events', 200);
    const fill = (await keeper.look()).find(({ stream }) => stream === 'DEAD_LETTERS')!;
    expect(fill).toMatchObject({ full: false, maxBytes: SMALL });
    expect(fill.bytes).toBeGreaterThan(SMALL * 0.9);
  });
});

describe('looking into a stream', () => {
  it('finds from which sequence on messages are as young as asked for, across gaps', async () => {
    await manager.streams.purge('STATUS');
    const subject = 'status.run.a.running';
    for (let n = 0; n < 20; n += 1) await publish(subject, 1);
    const { first_seq: first, last_seq: last } = await stateOf('STATUS');
    for (const sequence of [first, first + 7, first + 8]) await manager.streams.deleteMessage('STATUS', sequence);
    const kept = await Promise.all(Array.from({ length: 20 }, (_, n) => reader.at('STATUS', first + n)));
    expect(kept.filter((message) => message === undefined)).toHaveLength(3);
    const tenth = kept[10]!;
    const from = await reader.sequenceAt('STATUS', tenth.time);
    expect((await reader.next('STATUS', from, 'status.>'))!.time).toEqual(tenth.time);
    expect(from).toBeLessThanOrEqual(tenth.sequence);
    expect(await reader.sequenceAt('STATUS', new Date(0))).toBe(first + 1);
    expect(await reader.sequenceAt('STATUS', new Date(Date.now() + 60_000))).toBe(last + 1);
    expect(await reader.next('STATUS', last + 1, 'status.>')).toBeUndefined();
  });

  it('says until when a consumer has settled everything, whatever others have to do', async () => {
    await manager.streams.purge('EVENTS');
    const [now, consumer] = [new Date(), 'router-events'];
    const until = () => reader.settledUntil('EVENTS', consumer, now);
    expect(await until()).toEqual(now);
    await publish('events.github.commit.pushed', 3);
    const { first_seq: first } = await stateOf('EVENTS');
    await settle('EVENTS', consumer, 1);
    expect(await until()).toEqual((await reader.at('EVENTS', first + 1))!.time);
    await publish('events.router.run.started', 1);
    await settle('EVENTS', consumer, 2);
    expect(await until()).toEqual(now);
  });

  it('takes nothing for settled that the broker has stored and not counted yet', async () => {
    await manager.streams.purge('EVENTS');
    const said: Date[] = [];
    const now = new Date();
    for (let round = 0; round < 100; round += 1) {
      // The broker tells its consumers of one message after the other: of the last one, a moment after it was stored.
      for (let n = 0; n < 300; n += 1) connection.publish('events.router.run.started', '{}');
      await publish('events.github.commit.pushed', 1);
      said.push(await reader.settledUntil('EVENTS', 'router-events', now));
      await settle('EVENTS', 'router-events', 1);
    }
    expect(said.filter((until) => until === now)).toEqual([]);
  });

  it('erases one message, and says when it was there no more', async () => {
    await publish('status.run.a.failed', 1);
    const { last_seq: last } = await stateOf('STATUS');
    expect(await reader.erase('STATUS', last)).toBe(true);
    expect(await reader.erase('STATUS', last)).toBe(false);
    expect(await reader.at('STATUS', last)).toBeUndefined();
  });
});
