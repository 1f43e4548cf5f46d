import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { CONSUMERS } from '@stellwerk/contracts';
import { Metrics } from '@stellwerk/service-kit';
import { startTestNats, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { declareOn } from '../spec/messaging-rig.js';
import { connectNats } from './connection.js';
import { MessagingMetrics } from './messaging.metrics.js';
import { measureConsumer } from './watch-consumers.js';

const consumer = CONSUMERS.find(({ name }) => name === 'gitlab-connector-commands')!;

let nats: TestNats;
let connection: NatsConnection;
let manager: JetStreamManager;

beforeAll(async () => {
  nats = await startTestNats();
  await declareOn(nats.url);
  connection = await connectNats('test', nats.url);
  manager = await jetstreamManager(connection);
});

afterAll(async () => {
  await connection?.close();
  await nats?.stop();
});

it('the age of the oldest unsettled message of a consumer is measured, whatever others leave in its stream', async () => {
  const metrics = new Metrics();
  const messaging = new MessagingMetrics('gitlab-connector', metrics);
  const measured = async (): Promise<{ age: number; ratio: number; pending: number }> => {
    await measureConsumer(manager, consumer, messaging);
    const valueOf = async (name: string): Promise<number> => (await metrics.registry.getSingleMetric(`stellwerk_gitlab_connector_${name}`)!.get()).values[0]!.value;
    return { age: await valueOf('oldest_unacked_seconds'), ratio: await valueOf('oldest_unacked_ratio'), pending: await valueOf('pending_messages') };
  };
  const js = jetstream(connection);
  await js.publish('commands.github.a.dispatch-workflow', '{}');
  expect(await measured()).toEqual({ age: 0, ratio: 0, pending: 0 });

  await js.publish('commands.gitlab.a.trigger-pipeline', '1');
  await js.publish('commands.gitlab.a.trigger-pipeline', '2');
  const { age, ratio } = await waitFor(async () => {
    const found = await measured();
    return found.age > 0.5 && found;
  }, { what: 'half a second of age' });
  expect(ratio).toBeCloseTo(age / (14 * 86_400), 9);

  // The second is settled, the first is in somebody's hands: it is still the oldest.
  const first = (await (await js.consumers.get('COMMANDS', consumer.name)).next())!;
  await (await (await js.consumers.get('COMMANDS', consumer.name)).next())!.ackAck();
  expect((await measured()).age).toBeGreaterThan(0.5);
  await first.ackAck();
  expect(await measured()).toEqual({ age: 0, ratio: 0, pending: 0 });
});
