import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endedRun, startNotifier, type NotifierRig } from '../../test/notifier-rig.js';

let nats: TestNats;
let rig: NotifierRig;

beforeAll(async () => {
  nats = await startTestNats();
  rig = await startNotifier(nats.url, await testDatabaseUrl());
});

afterEach(() => rig.chat.faults.clear());

afterAll(async () => {
  await rig?.stop();
  await nats?.stop();
});

/** All that was told before has been handled when this run's message is there. */
const caughtUp = async (): Promise<void> => {
  const marker = endedRun('to-slack', 'failed');
  await rig.tell(marker);
  await rig.settled(marker.id, 1);
};

describe('each transition is told once', () => {
  it('on every channel, though the status comes five times', async () => {
    const run = endedRun('everywhere', 'failed');
    for (const again of [0, 1, 2, 3, 4]) await rig.tell(run, { again });
    expect(await rig.settled(run.id, 3)).toEqual(['slack', 'discord', 'hook'].map((channel) => ({ channel, state: 'delivered', attempts: 1, reason: null })));
    await caughtUp();
    expect(rig.messagesOf(run.id).map(({ channel }) => channel).sort()).toEqual(['discord', 'slack', 'webhook']);
  });

  it('in its order: started, then failed', async () => {
    const run = endedRun('everywhere', 'running', { version: 1, finishedAt: undefined });
    await rig.tell(run);
    await rig.tell({ ...run, state: 'failed', version: 5, finishedAt: '2026-01-01T00:00:13.000Z' });
    await rig.settled(run.id, 6);
    expect(rig.messagesOf(run.id, 'webhook').map(({ body }) => body['type'])).toEqual(['run.started', 'run.failed']);
  });

  it('and a recovery is one message, not two', async () => {
    const run = endedRun('everywhere', 'succeeded');
    await rig.tell(run, { recovered: true });
    await rig.settled(run.id, 3);
    expect(rig.messagesOf(run.id, 'webhook').map(({ body }) => body['type'])).toEqual(['run.recovered']);
    expect(JSON.stringify(rig.messagesOf(run.id, 'slack'))).toContain('recovered');
  });

  it('and what no channel wants is not told', async () => {
    const run = endedRun('to-slack', 'succeeded');
    await rig.tell(run);
    await caughtUp();
    expect(await rig.rows(run.id)).toEqual([]);
  });
});

describe('a channel that asks to wait', () => {
  it('is left alone so long, then gets its message: Slack', async () => {
    rig.chat.faults.add({ kind: 'status', path: '/slack/*', status: 429, retryAfter: 1 });
    const run = endedRun('to-slack', 'failed');
    await rig.tell(run);
    expect(await rig.settled(run.id, 1)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    const tries = (await rig.chat.journal()).filter(({ path, body }) => path.startsWith('/slack/') && JSON.stringify(body).includes(run.id)).map(({ at }) => Date.parse(at));
    expect(tries[1]! - tries[0]!).toBeGreaterThanOrEqual(1_000);
    expect(rig.messagesOf(run.id)).toHaveLength(1);
  });

  it('is left alone so long, then gets its message: Discord, by fractions of seconds', async () => {
    rig.chat.faults.add({ kind: 'status', path: '/discord/*', status: 429, body: { message: 'You are being rate limited.', retry_after: 0.35, global: false } });
    const run = endedRun('to-discord', 'failed');
    await rig.tell(run);
    expect(await rig.settled(run.id, 1)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    expect(rig.messagesOf(run.id)).toHaveLength(1);
  });
});

describe('a channel that fails', () => {
  it('with 500 is tried again', async () => {
    rig.chat.faults.add({ kind: 'status', path: '/slack/*', status: 500 });
    const run = endedRun('to-slack', 'failed');
    await rig.tell(run);
    expect(await rig.settled(run.id, 1)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    expect(rig.messagesOf(run.id)).toHaveLength(1);
  });

  it('with 404 is given up at once, and counted', async () => {
    rig.chat.faults.add({ kind: 'status', path: '/discord/*', status: 404 });
    const run = endedRun('to-discord', 'failed');
    await rig.tell(run);
    expect(await rig.settled(run.id, 1)).toMatchObject([{ state: 'dead', attempts: 1, reason: expect.stringContaining('HTTP 404') }]);
    expect(await rig.metrics.registry.metrics()).toMatch(/stellwerk_notifier_sends_total\{kind="discord",outcome="dead"\} 1/);
  });

  it('after it took the message, leaves people with one and the row `unknown`', async () => {
    rig.chat.faults.add({ kind: 'reset-after', path: '/slack/*' });
    const run = endedRun('to-slack', 'failed');
    await rig.tell(run);
    expect(await rig.settled(run.id, 1)).toMatchObject([{ state: 'unknown', attempts: 1 }]);
    expect(rig.messagesOf(run.id)).toHaveLength(1);
  });

  it('after it took a signed webhook, gets it again under the same id', async () => {
    rig.chat.faults.add({ kind: 'reset-after', path: '/webhooks/*' });
    const run = endedRun('to-hook', 'failed');
    await rig.tell(run);
    await waitFor(() => rig.messagesOf(run.id).length === 1, { what: 'the first' });
    // The schedule's first wait is 5 s; it is over at once here.
    await waitFor(async () => (await rig.database.query("UPDATE deliveries SET next_attempt_at = now() WHERE run = $1 AND state = 'pending' AND attempts = 1 RETURNING id", [run.id])).length > 0, { what: 'the wait' });
    expect(await rig.settled(run.id, 1)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    const ids = rig.messagesOf(run.id).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^msg_[0-9a-f]{40}$/);
  });
});

describe('a process that was killed while it sent', () => {
  const abandoned = async (flow: string): Promise<string> => {
    const run = endedRun(flow, 'failed');
    rig.chat.faults.add({ kind: 'status', status: 429, retryAfter: 3_600 });
    await rig.tell(run);
    await waitFor(async () => {
      const [row] = await rig.rows(run.id);
      return row?.attempts === 1 && row.state === 'pending';
    }, { what: 'the end of the first try' });
    rig.chat.faults.clear();
    // As its row looks when nobody is left to write the outcome.
    await rig.database.query("UPDATE deliveries SET state = 'sending', lease_until = now() - interval '1 second' WHERE run = $1", [run.id]);
    await rig.database.query('DELETE FROM channel_gates');
    return run.id;
  };

  it('leaves a message to people unknown: it is not said twice', async () => {
    const run = await abandoned('to-slack');
    expect(await rig.settled(run, 1)).toMatchObject([{ state: 'unknown' }]);
    expect(rig.messagesOf(run)).toHaveLength(0);
  });

  it('leaves a signed webhook to the next, under the same id', async () => {
    const run = await abandoned('to-hook');
    await waitFor(async () => (await rig.database.query("UPDATE deliveries SET next_attempt_at = now() WHERE run = $1 AND state = 'pending' RETURNING id", [run])).length > 0, { what: 'the release' });
    expect(await rig.settled(run, 1)).toMatchObject([{ state: 'delivered' }]);
    expect(rig.messagesOf(run)).toHaveLength(1);
  });
});

it('no address and no key of a channel is in what is kept', async () => {
  const rows = await rig.database.query('SELECT * FROM deliveries');
  expect(JSON.stringify(rows)).not.toMatch(/slack-token|discord-token|whsec_/);
});
