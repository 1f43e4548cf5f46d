import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, nanos, type NatsConnection } from '@nats-io/transport-node';
import { CONSUMERS, STREAMS } from '@stellwerk/contracts';
import { startTestNats, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declareTopology, verifyTopology } from './topology.js';

let nats: TestNats;
let connection: NatsConnection;
let manager: JetStreamManager;

const open = async (): Promise<void> => {
  connection = await connect({ servers: nats.url });
  manager = await jetstreamManager(connection);
};

/** Lines that are not "unchanged". */
const declare = async (): Promise<string[]> => (await declareTopology(connection)).lines.filter((line) => !line.endsWith('unchanged'));

beforeAll(async () => {
  nats = await startTestNats();
  await open();
});

afterAll(async () => {
  await connection.close();
  await nats.stop();
});

describe('declaring', () => {
  it('creates every stream and consumer, and does nothing the second time', async () => {
    expect(await declare()).toHaveLength(Object.keys(STREAMS).length + CONSUMERS.length);
    expect(await declare()).toEqual([]);
  });

  it('brings a consumer of an older version up to date, also when the server was restarted since', async () => {
    await manager.consumers.update('EVENTS', 'router-events', { ack_wait: nanos(77_000) });
    await expect(verifyTopology(connection, 'router')).rejects.toThrow('ack_wait');
    await connection.close();
    await nats.restart();
    await open();
    expect(await declare()).toEqual([expect.stringContaining('consumer router-events: updated (ack_wait')]);
    await verifyTopology(connection, 'router');
  });
});
