import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnNotifier, type NotifierProcess } from '../../test/notifier-process.js';
import { prepareWorld, toldRun, type NotifierWorld } from '../../test/notifier-world.js';

const RUNS = 15;

let world: NotifierWorld;
let replicas: NotifierProcess[];

beforeAll(async () => {
  world = await prepareWorld();
  replicas = await Promise.all([spawnNotifier(world.env), spawnNotifier(world.env)]);
}, 180_000);

afterAll(async () => {
  await Promise.all((replicas ?? []).map((replica) => replica.stop()));
  await world?.stop();
});

const typesOf = (run: string): unknown[] => world.messagesOf(run, 'webhook').map(({ body }) => body['type']);

describe('two notifiers on one database', () => {
  it('tell each transition once on each channel, in the order of the run, though STATUS comes doubled and shuffled', async () => {
    const runs = Array.from({ length: RUNS }, () => toldRun('everywhere', 'running', { version: 1, finishedAt: undefined }));
    // Run by run: what is told of one comes within the time for which a new message waits for those before it, however busy the machine is.
    for (const run of runs) {
      const retried = { ...run, version: 5, attempt: 2, state: 'succeeded' as const, finishedAt: '2026-01-01T00:00:20.000Z' };
      const failed = { ...run, version: 3, state: 'failed' as const, finishedAt: '2026-01-01T00:00:13.000Z' };
      const told = [() => world.tell(run), () => world.tell(failed), () => world.tell(retried, { recovered: true }), () => world.tell(failed, { again: 1 })];
      await Promise.all(told.toSorted(() => Math.random() - 0.5).map((tell) => tell()));
    }
    for (const run of runs) {
      await world.settled(run.id, 9);
      for (const channel of ['slack', 'discord', 'webhook']) expect(world.messagesOf(run.id, channel), channel).toHaveLength(3);
      expect(typesOf(run.id)).toEqual(['run.started', 'run.failed', 'run.recovered']);
    }
  }, 180_000);

  it('do not tell people that it failed when they know already that it succeeded; a program hears it, with its version', async () => {
    const failed = toldRun('everywhere', 'failed', { version: 3 });
    await world.tell({ ...failed, version: 6, attempt: 2, state: 'succeeded' });
    await waitFor(() => world.messagesOf(failed.id).length === 3, { what: 'the success on three channels' });
    await world.tell(failed);
    const rows = await world.settled(failed.id, 6);
    expect(rows.slice(3).map(({ channel, state }) => [channel, state])).toEqual([['slack', 'superseded'], ['discord', 'superseded'], ['hook', 'delivered']]);
    expect(world.messagesOf(failed.id, 'slack')).toHaveLength(1);
    expect(typesOf(failed.id)).toEqual(['run.succeeded', 'run.failed']);
    expect(world.messagesOf(failed.id, 'webhook').map(({ body }) => (body['data'] as { version: number }).version)).toEqual([6, 3]);
  }, 180_000);
});
