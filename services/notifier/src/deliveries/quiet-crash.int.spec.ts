import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnNotifier, type NotifierProcess } from '../../test/notifier-process.js';
import { prepareWorld, toldRun, type NotifierWorld } from '../../test/notifier-world.js';

let world: NotifierWorld;
const running: NotifierProcess[] = [];

const spawn = async (): Promise<NotifierProcess> => {
  const one = await spawnNotifier(world.env);
  running.push(one);
  return one;
};

beforeAll(async () => { world = await prepareWorld(); }, 180_000);

afterAll(async () => {
  await Promise.all(running.map((one) => one.stop()));
  await world?.stop();
});

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
});
