import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnNotifier, type NotifierProcess } from '../../test/notifier-process.js';
import { prepareWorld, toldRun, type NotifierWorld } from '../../test/notifier-world.js';

let world: NotifierWorld;
const running: NotifierProcess[] = [];

const spawn = async (failpoint?: string): Promise<NotifierProcess> => {
  const one = await spawnNotifier(world.env, failpoint);
  running.push(one);
  return one;
};

beforeAll(async () => { world = await prepareWorld(); }, 180_000);

afterAll(async () => {
  await Promise.all(running.map((one) => one.stop()));
  await world?.stop();
});

/** A digest whose time is over, and failures that are held for it, as replicas have written them down; the first `same` are of one pipeline. */
const holdMany = async (count: number, same: number): Promise<void> => {
  await world.database.query(`
    INSERT INTO deliveries (id, run, transition, occurrence, channel, flow, version, trace, state, digest, notice)
    SELECT 'many-' || n, 'many-' || n, 'failed', 1, 'digest', 'gathered', 1, '{}', 'held', 'many', jsonb_build_object(
      'word', 'failed', 'run', 'many-' || n, 'flow', 'gathered', 'attempt', 1, 'version', 1, 'state', 'failed', 'steps', '[]'::jsonb, 'url', 'http://127.0.0.1:8081/runs/many-' || n,
      'branch', 'branch-' || greatest(n, $2), 'at', to_char(timestamp '2026-01-01' + n * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"'))
    FROM generate_series(1, $1) AS n ORDER BY md5(n::text)`, [count, same]);
  // The last run also began, pages before it failed: of a run only the newest is told.
  await world.database.query(`
    INSERT INTO deliveries (id, run, transition, occurrence, channel, flow, version, trace, state, digest, notice)
    SELECT 'begun', run, 'started', 1, channel, flow, 0, trace, state, digest, notice || '{"word": "started", "at": "2025-12-31T00:00:00.000Z"}' FROM deliveries WHERE id = 'many-' || $1`, [count]);
  await world.database.query(`
    INSERT INTO deliveries (id, run, transition, occurrence, channel, flow, version, notice, trace, state)
    VALUES ('many', 'digest:many', 'digest', 1, 'digest', 'gathered', 1, '{}', '{}', 'gathering')`);
};

const statesOfMany = async (): Promise<Record<string, number>> => Object.fromEntries(
  (await world.database.query<{ state: string; count: number }>("SELECT state, count(*)::int AS count FROM deliveries WHERE id = 'many' OR digest = 'many' GROUP BY state")).rows
    .map(({ state, count }) => [state, count]));

describe('a notifier killed by SIGKILL', () => {
  it('while it gathers costs nothing, and of two others one tells the digest, once', async () => {
    const runs = ['a', 'b', 'c'].map((branch) => ({ ...toldRun('gathered', 'failed'), event: { ...toldRun('x', 'failed').event, repository: 'acme/shop', branch } }));
    const gathering = await spawn();
    for (const run of runs.slice(0, 2)) await world.tell(run);
    const areHeld = (some: typeof runs): Promise<true> => waitFor(async () =>
      (await Promise.all(some.map(({ id }) => world.outcomes(id)))).every(({ failed }) => failed === 'held') || undefined, { what: 'messages held back' });
    await areHeld(runs.slice(0, 2));
    await gathering.kill();

    await Promise.all([spawn(), spawn()]);
    await Promise.all(runs.map((run, again) => world.tell(run, { again })));
    await areHeld(runs);
    await world.closeDigest('digest');
    await waitFor(() => world.messagesOf(runs[0]!.id).length > 0, { what: 'the digest' });
    // What is told behind it has been sent: so would have been a second digest.
    const marker = toldRun('to-slack', 'failed');
    await world.tell(marker);
    await world.settled(marker.id, 1);
    for (const { id } of runs) expect(world.messagesOf(id)).toHaveLength(1);
    const { rows } = await world.database.query<{ state: string; attempts: number }>("SELECT state, attempts FROM deliveries WHERE transition = 'digest'");
    expect(rows).toEqual([{ state: 'delivered', attempts: 1 }]);
  }, 180_000);

  it('while it closes a digest of many, within a page and between two, loses none and counts none twice; what comes meanwhile is for the next', async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
    await holdMany(1_200, 300);
    for (const [failpoint, left] of [['notifier.before-page@2', 701], ['notifier.after-page', 201]] as const) {
      expect((await (await spawn(failpoint)).exited).signal).toBe('SIGKILL');
      expect(await statesOfMany()).toEqual({ closing: 1, gathered: 1_201 - left, held: left });
    }
    await world.database.query("INSERT INTO channel_gates VALUES ('digest', now() + interval '1 hour')");
    await spawn();
    const late = toldRun('gathered', 'failed');
    await world.tell(late);
    await waitFor(async () => (await world.outcomes(late.id))['failed'] === 'held', { what: 'what comes meanwhile, held back' });
    await world.database.query('DELETE FROM channel_gates');
    await waitFor(async () => (await statesOfMany())['delivered'] === 1, { what: 'the digest' });
    expect(await statesOfMany()).toEqual({ delivered: 1, gathered: 1_201 });
    const texts = world.chat.messages().map(({ body }) => JSON.stringify(body)).filter((text) => text.includes('901 runs'));
    expect(texts).toHaveLength(1);
    const [text] = texts as [string];
    const [named, more] = [text.match(/branch-/g)!.length, Number(/and (\d+) more/.exec(text)![1])];
    expect(named + more).toBe(901);
    expect(text).toContain('again 299 times');
    const { rows } = await world.database.query<{ times: number; topics: string }>("SELECT max(times) AS times, count(*) AS topics FROM topics WHERE channel = 'digest' AND run LIKE 'many-%'");
    expect(rows).toEqual([{ times: 300, topics: '901' }]);
    expect(await world.outcomes(late.id)).toEqual({ failed: 'held' });
  }, 180_000);
});
