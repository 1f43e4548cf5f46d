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

const diedOf = async (one: NotifierProcess): Promise<void> => {
  const { signal } = await one.exited;
  if (signal !== 'SIGKILL') throw new Error(`the notifier did not die at its failpoint:\n${one.output()}`);
  // A lease is a minute; it is over now.
  await world.database.query("UPDATE deliveries SET lease_until = now() WHERE state = 'sending'");
};

beforeAll(async () => { world = await prepareWorld(); }, 180_000);

afterAll(async () => {
  await Promise.all(running.map((one) => one.stop()));
  await world?.stop();
});

describe('a notifier killed by SIGKILL', () => {
  it('between a post and the writing of where it stands says nothing twice; between an edit and its outcome the edit is repeated', async () => {
    const run = toldRun('lives', 'running', { version: 1, finishedAt: undefined });
    const first = await spawn('notifier.after-send');
    await world.tell(run);
    await diedOf(first);

    const second = await spawn('notifier.after-send@2');
    await world.settled(run.id, 1);
    await world.tell({ ...run, state: 'failed', version: 5, finishedAt: '2026-01-01T00:00:13.000Z' });
    await world.settled(run.id, 2);
    await world.tell({ ...run, state: 'succeeded', version: 9, attempt: 2, finishedAt: '2026-01-01T00:00:23.000Z' });
    await diedOf(second);

    await spawn();
    await world.settled(run.id, 3);
    expect(await world.outcomes(run.id)).toEqual({ started: 'unknown', failed: 'delivered', succeeded: 'delivered' });
    const posts = world.chat.slackPosts().filter(({ message }) => JSON.stringify(message).includes(run.id));
    expect(posts.map(({ message, edited }) => [String(message['text']).split(' ')[2], edited.length])).toEqual([['started', 0], ['succeeded', 2]]);
  }, 180_000);

  it('while it gathers costs nothing, and of two others one tells the digest, once', async () => {
    const runs = ['a', 'b', 'c'].map((branch) => ({ ...toldRun('gathered', 'failed'), event: { ...toldRun('x', 'failed').event, repository: 'acme/shop', branch } }));
    const gathering = running.at(-1)!;
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
});
