import type { INestApplication } from '@nestjs/common';
import type { RunSnapshot } from '@stellwerk/contracts';
import { Metrics } from '@stellwerk/service-kit';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNotifier } from '../../test/notifier-rig.js';
import { prepareWorld, toldRun, type NotifierWorld } from '../../test/notifier-world.js';

let world: NotifierWorld;
let notifier: INestApplication;

beforeAll(async () => {
  world = await prepareWorld();
  notifier = await startNotifier(world.env, new Metrics());
}, 180_000);

afterAll(async () => {
  await notifier?.close();
  await world?.stop();
});

let seconds = 0;
/** A run that ended behind all before it. */
const ended = (flow: string, state: RunSnapshot['state'], branch = 'main'): RunSnapshot => {
  const run = toldRun(flow, state, { finishedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, seconds += 1)).toISOString() });
  return { ...run, event: { ...run.event, branch } };
};
const told = async (run: RunSnapshot, some: Parameters<NotifierWorld['tell']>[1] = {}): Promise<string> => {
  await world.tell(run, some);
  await world.settled(run.id, 1);
  return Object.values(await world.outcomes(run.id)).join();
};
const saidOf = (run: RunSnapshot): string => JSON.stringify(world.messagesOf(run.id).map(({ body }) => body));

describe('quiet.same', () => {
  it('counts what is the same within its time, for each pipeline by itself', async () => {
    const [first, second, third, elsewhere] = [ended('counted', 'failed'), ended('counted', 'failed'), ended('counted', 'failed'), ended('counted', 'failed', 'next')];
    expect([await told(first), await told(second), await told(third), await told(elsewhere)]).toEqual(['delivered', 'counted', 'counted', 'delivered']);
    expect([first, second, third].map((run) => world.messagesOf(run.id).length)).toEqual([1, 0, 0]);
    expect(await world.rows(second.id)).toMatchObject([{ attempts: 0, reason: 'the same was said a short time before' }]);
    // Told twice, it counts once.
    await world.tell(third, { again: 1 });
    const good = ended('counted', 'succeeded');
    expect(await told(good)).toBe('delivered');
    const { rows } = await world.database.query<{ times: number }>("SELECT times FROM topics WHERE channel = 'same' ORDER BY times");
    expect(rows.map(({ times }) => times)).toEqual([1, 1]);
  });

  it('counts the runs of a join as one pipeline, whichever part came last, and a success ends the count', async () => {
    const joined = (repository: string, state: RunSnapshot['state']): RunSnapshot => {
      const run = ended('counted', state, `of ${repository}`);
      return { ...run, event: { ...run.event, repository }, pipeline: { repository: 'acme/shop', branch: 'joined' } };
    };
    expect([await told(joined('acme/shop', 'failed')), await told(joined('group/scan', 'failed'))]).toEqual(['delivered', 'counted']);
    expect(await told(ended('counted', 'failed', 'joined')), 'of one event there').toBe('counted');
    expect([await told(joined('shop/e2e', 'succeeded')), await told(joined('acme/shop', 'failed'))]).toEqual(['delivered', 'delivered']);
  });

  it('is over when something else was said: what people know is never wrong', async () => {
    expect(await told(ended('counted', 'failed', 'flips'))).toBe('delivered');
    expect(await told(ended('counted', 'succeeded', 'flips'))).toBe('delivered');
    expect(await told(ended('counted', 'failed', 'flips'))).toBe('delivered');
  });

  it('is over after its time, and the next message says how often it was', async () => {
    for (const state of ['delivered', 'counted', 'counted']) expect(await told(ended('counted', 'failed', 'long'))).toBe(state);
    await world.database.query("UPDATE topics SET said_at = said_at - interval '10 minutes'");
    const late = ended('counted', 'failed', 'long');
    expect(await told(late)).toBe('delivered');
    expect(saidOf(late)).toContain('again 3 times');
  });
});

describe('quiet.digest', () => {
  it('gathers what comes within it: one message, one entry a run, its newest state, what failed first', async () => {
    const [good, bad] = [ended('gathered', 'succeeded', 'a'), ended('gathered', 'failed', 'b')];
    await world.tell({ ...good, state: 'running', version: 1 });
    for (const run of [good, bad]) await world.tell(run);
    await world.tell(bad, { again: 1 });
    await waitFor(async () => (await Promise.all([good, bad].map(({ id }) => world.outcomes(id)))).flatMap((states) => Object.values(states)).join() === 'held,held,held' || undefined, { what: 'three messages held back' });
    expect(saidOf(good)).toBe('[]');
    await world.closeDigest('digest');
    await waitFor(() => world.messagesOf(bad.id).length > 0, { what: 'the digest' });
    const [message] = world.messagesOf(good.id);
    const [headline, ...lines] = (message!.body['blocks'] as unknown[]).map((block) => JSON.stringify(block));
    expect(headline).toContain('2 runs');
    expect(lines).toEqual([expect.stringContaining(bad.id), expect.stringContaining(good.id)]);
    expect(lines[1]).toContain('succeeded');
    expect(await world.outcomes(good.id)).toEqual({ started: 'gathered', succeeded: 'gathered' });
  });

  it('does not hold back people who are awaited, nor tells later what they know was before', async () => {
    const run = toldRun('gathered', 'waiting', { finishedAt: undefined, steps: [{ name: 'deploy', state: 'waiting', needs: [], awaits: { kind: 'approval' }, attempts: [] }] });
    await world.tell({ ...run, state: 'running', version: 1, steps: [] });
    await waitFor(async () => (await world.outcomes(run.id))['started'] === 'held', { what: 'the start, held back' });
    await world.ask(run);
    await waitFor(async () => (await world.outcomes(run.id))['approval deploy'] === 'delivered', { what: 'the approval' });
    await world.closeDigest('digest');
    const digest = await waitFor(async () => (await world.database.query<{ state: string; reason: string }>("SELECT state, reason FROM deliveries WHERE transition = 'digest' AND state = 'superseded'")).rows[0], { what: 'the end of the digest' });
    expect(digest.reason).toBe('what was gathered in it has been said otherwise');
    expect(world.messagesOf(run.id)).toHaveLength(1);
  });

  it('says the newest of the same, with its count', async () => {
    const runs = [1, 2, 3].map(() => ended('gathered', 'failed', 'again'));
    for (const run of runs) await world.tell(run);
    await waitFor(async () => (await Promise.all(runs.map(({ id }) => world.outcomes(id)))).every(({ failed }) => failed === 'held'), { what: 'three failures held back' });
    await world.closeDigest('digest');
    await waitFor(() => world.messagesOf(runs[2]!.id).length > 0, { what: 'the digest' });
    expect(saidOf(runs[2]!)).toContain('again 2 times');
    expect(runs.slice(0, 2).map(saidOf)).toEqual(['[]', '[]']);
  });

  it('is sent when its time is over, and holds back no edit of a message that is there', async () => {
    const shown = toldRun('bot-gathered', 'waiting', { finishedAt: undefined, version: 3, event: { ...toldRun('x', 'failed').event, branch: 'shown' } });
    expect(await told(shown, { previous: 'running' })).toBe('delivered');
    await world.tell({ ...shown, state: 'succeeded', version: 9, finishedAt: '2026-01-01T00:10:00.000Z' });
    await world.settled(shown.id, 2);
    expect(await world.outcomes(shown.id)).toEqual({ waiting: 'delivered', succeeded: 'delivered' });
    const posts = () => world.chat.slackPosts().map(({ message, edited }) => ({ text: JSON.stringify(message), edited }));
    expect(posts().filter(({ text }) => text.includes(shown.id))).toEqual([{ text: expect.stringContaining('succeeded'), edited: [expect.stringContaining('waits')] }]);
    const alone = ended('bot-gathered', 'succeeded', 'alone');
    await world.tell(alone);
    await waitFor(() => posts().some(({ text }) => text.includes(alone.id)), { what: 'the digest of one' });
    expect(await world.outcomes(alone.id)).toEqual({ succeeded: 'gathered' });
  });
});
