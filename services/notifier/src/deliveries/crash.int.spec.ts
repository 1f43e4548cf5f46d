import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnNotifier } from '../../test/notifier-process.js';
import { prepareWorld, toldRun, type NotifierWorld } from '../../test/notifier-world.js';

let world: NotifierWorld;

beforeAll(async () => { world = await prepareWorld(); }, 180_000);

afterAll(() => world?.stop());

/** A notifier dies there while it carries out the run's message, and another takes over what it left. */
const killedAt = async (failpoint: string, flow: string): Promise<string> => {
  const run = toldRun(flow, 'failed');
  const first = await spawnNotifier(world.env, failpoint);
  await world.tell(run);
  const { signal } = await first.exited;
  if (signal !== 'SIGKILL') throw new Error(`the notifier did not die of ${failpoint}:\n${first.output()}`);
  expect(await world.rows(run.id)).toMatchObject([{ state: 'sending', attempts: 1 }]);
  // Its lease is a minute; it is over now.
  await world.database.query("UPDATE deliveries SET lease_until = now() WHERE state = 'sending'");
  const second = await spawnNotifier(world.env);
  await world.settled(run.id, 1);
  await second.stop();
  return run.id;
};

describe('a notifier killed by SIGKILL', () => {
  it('after Slack took the message says nothing twice, and leaves the row `unknown`', async () => {
    const run = await killedAt('notifier.after-send', 'to-slack');
    expect(world.messagesOf(run)).toHaveLength(1);
    expect(await world.rows(run)).toMatchObject([{ state: 'unknown', attempts: 1 }]);
  }, 180_000);

  it('before it sent to Slack costs the message, and the row says so', async () => {
    const run = await killedAt('notifier.before-send', 'to-slack');
    expect(world.messagesOf(run)).toHaveLength(0);
    expect(await world.rows(run)).toMatchObject([{ state: 'unknown' }]);
  }, 180_000);

  it('around a signed webhook sends it again under the same id', async () => {
    const before = await killedAt('notifier.before-send', 'to-hook');
    expect(world.messagesOf(before)).toHaveLength(1);
    const after = await killedAt('notifier.after-send', 'to-hook');
    const ids = world.messagesOf(after).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(await world.rows(after)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  }, 180_000);
});
