import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { STREAMS } from '@stellwerk/contracts';
import { connectNats } from '@stellwerk/messaging';
import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRun, next } from '../../test/runs.js';
import { startStatus, type StatusRig } from '../../test/status-rig.js';

let nats: TestNats;
let rig: StatusRig;
let connection: NatsConnection;

beforeAll(async () => {
  nats = await startTestNats();
  rig = await startStatus(nats.url, await testDatabaseUrl());
  connection = await connectNats('status-full', nats.url);
}, 180_000);

afterAll(async () => {
  await rig?.stop();
  await connection?.close();
  await nats?.stop();
});

const waiting = async (): Promise<number> => (await rig.database.query<{ n: number }>('SELECT count(*)::int AS n FROM outbox'))[0]!.n;

it('a full STATUS does not hold up the read model; all is told, in order, when there is room again', async () => {
  const manager = await jetstreamManager(connection);
  const { config } = await manager.streams.info(STREAMS.status.name);
  await manager.streams.update(STREAMS.status.name, { ...config, max_msgs: 1 });
  await rig.publishRun('run.started', newRun());
  const runs = Array.from({ length: 300 }, () => newRun());
  for (const run of runs) {
    await rig.publishRun('run.started', run);
    await rig.publishRun('run.succeeded', next(run, 'succeeded'));
  }
  // With 4 s of trying each, in 128 slots, 600 events would take 19 s and more.
  await waitFor(async () => (await rig.get<{ state: string }>(`/api/runs/${runs.at(-1)!.id}`)).body.state === 'succeeded', { what: 'the last run', timeoutMs: 60_000 });
  expect(await waiting()).toBeGreaterThan(0);
  await manager.streams.update(STREAMS.status.name, config);
  await waitFor(async () => (await waiting()) === 0, { what: 'an empty outbox', timeoutMs: 60_000 });
  const told = Map.groupBy(await rig.told(), ({ event }) => event.subject);
  for (const { id } of runs) {
    expect(told.get(id)?.map(({ subject }) => subject)).toEqual(['status.step.release.triggering', 'status.run.release.running', 'status.run.release.succeeded']);
  }
}, 180_000);
