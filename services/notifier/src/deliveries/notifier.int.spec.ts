import type { INestApplication } from '@nestjs/common';
import { configRequest, type ConfigInForce } from '@stellwerk/contracts';
import { RequestClient } from '@stellwerk/messaging';
import { Metrics } from '@stellwerk/service-kit';
import { waitFor } from '@stellwerk/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startNotifier } from '../../test/notifier-rig.js';
import { prepareWorld, toldRun, type NotifierWorld } from '../../test/notifier-world.js';

const metrics = new Metrics();
let world: NotifierWorld;
let notifier: INestApplication;

beforeAll(async () => {
  world = await prepareWorld();
  notifier = await startNotifier(world.env, metrics);
}, 180_000);

afterEach(() => world.chat.faults.clear());

afterAll(async () => {
  await notifier?.close();
  await world?.stop();
});

/** All that was told before has been handled when this run's message is there. */
const caughtUp = async (): Promise<void> => {
  const marker = toldRun('to-slack', 'failed');
  await world.tell(marker);
  await world.settled(marker.id, 1);
};

describe('each transition is told once', () => {
  it('on every channel, though the status comes five times', async () => {
    const run = toldRun('everywhere', 'failed');
    for (const again of [0, 1, 2, 3, 4]) await world.tell(run, { again });
    expect(await world.settled(run.id, 3)).toEqual(['slack', 'discord', 'hook'].map((channel) => ({ channel, state: 'delivered', attempts: 1, reason: null })));
    await caughtUp();
    expect(world.messagesOf(run.id).map(({ channel }) => channel).sort()).toEqual(['discord', 'slack', 'webhook']);
  });

  it('in its order: started, then failed', async () => {
    const run = toldRun('everywhere', 'running', { version: 1, finishedAt: undefined });
    await world.tell(run);
    await world.tell({ ...run, state: 'failed', version: 5, finishedAt: '2026-01-01T00:00:13.000Z' });
    await world.settled(run.id, 6);
    expect(world.messagesOf(run.id, 'webhook').map(({ body }) => body['type'])).toEqual(['run.started', 'run.failed']);
  });

  it('and a recovery is one message, not two', async () => {
    const run = toldRun('everywhere', 'succeeded');
    await world.tell(run, { recovered: true });
    await world.settled(run.id, 3);
    expect(world.messagesOf(run.id, 'webhook').map(({ body }) => body['type'])).toEqual(['run.recovered']);
    expect(JSON.stringify(world.messagesOf(run.id, 'slack'))).toContain('recovered');
  });

  it('and people who are asked hear it once', async () => {
    const run = toldRun('asks', 'waiting', { finishedAt: undefined, steps: [{ name: 'deploy', state: 'waiting', needs: [], reason: 'needs approval by @everyone', awaits: { kind: 'approval' }, attempts: [] }] });
    for (const again of [0, 1, 2]) await world.ask(run, { again });
    await world.settled(run.id, 3);
    await caughtUp();
    expect(world.messagesOf(run.id).map(({ channel }) => channel).sort()).toEqual(['discord', 'slack', 'webhook']);
    expect(world.messagesOf(run.id, 'webhook')[0]!.body).toMatchObject({ type: 'run.approval', data: { step: { name: 'deploy', reason: 'needs approval by @everyone' } } });
    expect(JSON.stringify(world.messagesOf(run.id, 'slack'))).toContain('needs approval');
  });

  it.each([
    ['for people', { state: 'waiting', awaits: { kind: 'approval' } }], ['for the end of a freeze', { state: 'waiting', awaits: { kind: 'freeze' } }], ['with an UNKNOWN', { state: 'unknown' }],
  ] as const)('and a run that waits from its beginning (%s) has started, and waits: in this order, once each', async (_, step) => {
    const run = toldRun('waits', 'waiting', { version: 1, finishedAt: undefined, steps: [{ name: 'deploy', needs: [], attempts: [], ...step }] });
    for (const again of [0, 1, 2]) await world.tell(run, { again });
    await world.tell({ ...run, state: 'running', version: 2 }, { previous: 'waiting' });
    expect((await world.settled(run.id, 4)).map(({ channel, state }) => `${channel} ${state}`).sort()).toEqual(['hook delivered', 'hook delivered', 'slack delivered', 'slack delivered']);
    await caughtUp();
    expect(world.messagesOf(run.id, 'webhook').map(({ body }) => body['type'])).toEqual(['run.started', 'run.waiting']);
    expect(world.messagesOf(run.id, 'slack')).toHaveLength(2);
  });

  it('and what no channel wants is not told', async () => {
    const run = toldRun('to-slack', 'succeeded');
    await world.tell(run);
    await caughtUp();
    expect(await world.rows(run.id)).toEqual([]);
  });
});

describe('a join that started no run', () => {
  it('is told once a round, and names who is missing', async () => {
    const join = 'f'.repeat(40);
    const round = (endedAt: string) => ({
      join, flow: 'joined', key: 'abc', missing: ['scan'], came: [{ name: 'build', event: 'e', url: 'https://git/1' }], openedAt: endedAt, endedAt, withinSeconds: 60, repository: 'acme/shop',
    });
    for (const again of [0, 1, 2]) await world.tellMissing(round('2026-01-01T00:01:00.000Z'), again);
    await world.tellMissing(round('2026-01-01T00:02:00.000Z'));
    for (const minute of [1, 2]) {
      expect((await world.settled(`${join}:2026-01-01T00:0${minute}:00.000Z`, 2)).map(({ channel, state }) => [channel, state])).toEqual([['slack', 'delivered'], ['hook', 'delivered']]);
    }
    expect(world.messagesOf(join, 'webhook').map(({ body }) => body['type'])).toEqual(['join.missing', 'join.missing']);
    const said = world.chat.messages().filter(({ channel, body }) => channel === 'slack' && JSON.stringify(body).includes('did not start'));
    expect(said).toHaveLength(2);
    expect(JSON.stringify(said)).toContain('scan did not come within 1 min of build');
  });
});

describe('a channel that asks to wait', () => {
  it('is left alone so long, then gets its message: Slack', async () => {
    world.chat.faults.add({ kind: 'status', path: '/slack/*', status: 429, retryAfter: 1 });
    const run = toldRun('to-slack', 'failed');
    await world.tell(run);
    expect(await world.settled(run.id, 1)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    const tries = (await world.chat.journal()).filter(({ path, body }) => path.startsWith('/slack/') && JSON.stringify(body).includes(run.id)).map(({ at }) => Date.parse(at));
    expect(tries[1]! - tries[0]!).toBeGreaterThanOrEqual(1_000);
    expect(world.messagesOf(run.id)).toHaveLength(1);
  });

  it('is left alone so long, then gets its message: Discord, by fractions of seconds', async () => {
    world.chat.faults.add({ kind: 'status', path: '/discord/*', status: 429, body: { message: 'You are being rate limited.', retry_after: 0.35, global: false } });
    const run = toldRun('to-discord', 'failed');
    await world.tell(run);
    expect(await world.settled(run.id, 1)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    expect(world.messagesOf(run.id)).toHaveLength(1);
  });
});

describe('a channel that fails', () => {
  it('with 500 is tried again', async () => {
    world.chat.faults.add({ kind: 'status', path: '/slack/*', status: 500 });
    const run = toldRun('to-slack', 'failed');
    await world.tell(run);
    expect(await world.settled(run.id, 1)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    expect(world.messagesOf(run.id)).toHaveLength(1);
  });

  it('with 404 is given up at once, and counted', async () => {
    world.chat.faults.add({ kind: 'status', path: '/discord/*', status: 404 });
    const run = toldRun('to-discord', 'failed');
    await world.tell(run);
    expect(await world.settled(run.id, 1)).toMatchObject([{ state: 'dead', attempts: 1, reason: expect.stringContaining('HTTP 404') }]);
    expect(await metrics.registry.metrics()).toMatch(/stellwerk_notifier_sends_total\{kind="discord",outcome="dead"\} 1/);
  });

  it('after it took the message, leaves people with one and the row `unknown`', async () => {
    world.chat.faults.add({ kind: 'reset-after', path: '/slack/*' });
    const run = toldRun('to-slack', 'failed');
    await world.tell(run);
    expect(await world.settled(run.id, 1)).toMatchObject([{ state: 'unknown', attempts: 1 }]);
    expect(world.messagesOf(run.id)).toHaveLength(1);
  });

  it('after it took a signed webhook, gets it again under the same id', async () => {
    world.chat.faults.add({ kind: 'reset-after', path: '/webhooks/*' });
    const run = toldRun('to-hook', 'failed');
    await world.tell(run);
    await world.hurry(run.id);
    expect(await world.settled(run.id, 1)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    const ids = world.messagesOf(run.id).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^msg_[0-9a-f]{40}$/);
  });
});

describe('a process that was killed while it sent', () => {
  const abandoned = async (flow: string): Promise<string> => {
    const run = toldRun(flow, 'failed');
    world.chat.faults.add({ kind: 'status', status: 429, retryAfter: 3_600 });
    await world.tell(run);
    await waitFor(async () => {
      const [row] = await world.rows(run.id);
      return row?.attempts === 1 && row.state === 'pending';
    }, { what: 'the end of the first try' });
    world.chat.faults.clear();
    // As its row looks when nobody is left to write the outcome.
    await world.database.query("UPDATE deliveries SET state = 'sending', lease_until = now() - interval '1 second' WHERE run = $1", [run.id]);
    await world.database.query('DELETE FROM channel_gates');
    return run.id;
  };

  it('leaves a message to people unknown: it is not said twice', async () => {
    const run = await abandoned('to-slack');
    expect(await world.settled(run, 1)).toMatchObject([{ state: 'unknown' }]);
    expect(world.messagesOf(run)).toHaveLength(0);
  });

  it('leaves a signed webhook to the next, under the same id', async () => {
    const run = await abandoned('to-hook');
    await world.hurry(run);
    expect(await world.settled(run, 1)).toMatchObject([{ state: 'delivered' }]);
    expect(world.messagesOf(run)).toHaveLength(1);
  });
});

it('no address and no key of a channel is in what is kept', async () => {
  const { rows } = await world.database.query('SELECT * FROM deliveries');
  expect(JSON.stringify(rows)).not.toMatch(/slack-token|discord-token|whsec_/);
});

describe('people', () => {
  it('can ask which set is in force', async () => {
    const client = new RequestClient({ name: 'status', url: world.env['NATS_URL']! });
    const answered = await client.ask<ConfigInForce>(configRequest('notifier'), {});
    await client.onApplicationShutdown();
    expect(answered).toEqual({ revision: expect.stringMatching(/^[0-9a-f]{12}$/), refused: false });
  });
});
