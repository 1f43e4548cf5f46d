import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killNotifierAt } from '../../test/killed-notifier.js';
import { prepareWorld, type NotifierWorld } from '../../test/notifier-world.js';

let world: NotifierWorld;

beforeAll(async () => { world = await prepareWorld(); }, 180_000);

afterAll(() => world?.stop());

const killedAt = (failpoint: string, flow: string): Promise<string> => killNotifierAt(world, failpoint, flow);

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
