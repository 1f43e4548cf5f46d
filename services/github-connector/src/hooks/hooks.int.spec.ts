import type { ConnectionCheck, SetUpReply } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HOOK_SECRET, startSweepRig, type SweepRig } from '../../spec/sweep-rig.js';

let world: SweepRig;

beforeAll(async () => {
  // No webhook is there at first.
  world = await startSweepRig({ hookUrl: undefined });
  await world.configure();
  await world.rig.startConnector(world.env);
}, 120_000);

afterAll(async () => world?.close());

const check = async (connection = 'c'): Promise<string[]> => {
  const { findings } = await world.ask<ConnectionCheck>('check', { connection });
  return findings.map(({ about, level, text }) => `${level} ${about}: ${text}`);
};
const setUp = async (dryRun = false, repositories?: string[]) => (await world.ask<SetUpReply>('set-up', { connection: 'c', dryRun, by: 'ada', repositories })).changes;
const hooks = async (): Promise<{ id: number; events: string[] }[]> =>
  (await fetch(`${world.github.url}/repos/acme/shop/hooks`, { headers: { authorization: 'Bearer a-token-that-works' } })).json() as Promise<{ id: number; events: string[] }[]>;

it('says that no webhook leads to us, shows what it would do, does it once, and says that it is fine', async () => {
  expect(await check()).toEqual([
    `ok address: webhooks come to ${world.door.url}/c`, 'ok webhook secret: is set', 'ok credentials: the platform takes them', expect.stringMatching(/^ok limits: \d+ calls left until /),
    `fault acme/shop: no webhook leads to ${world.door.url}/c`,
  ]);
  const planned = { place: 'acme/shop', action: 'create', lines: [`create a webhook to ${world.door.url}/c with the connection's secret, which sends workflow_run`] };
  expect(await setUp(true)).toEqual([{ ...planned, done: false }]);
  expect(await hooks()).toEqual([]);
  expect(await setUp()).toEqual([{ ...planned, done: true }]);
  expect(await setUp()).toEqual([{ place: 'acme/shop', action: 'none', lines: [], done: false }]);
  await waitFor(() => world.door.answers.some(({ event }) => event === 'ping'), { what: 'the ping of the new webhook' });
  await waitFor(async () => (await check()).includes('ok acme/shop: its last delivery was answered with 202'), { timeoutMs: 30_000, everyMs: 1_000, what: 'a check that is not kept any more' });
  expect(await check()).toContain('ok acme/shop: its webhook leads to us and sends workflow_run');
});

it('ordered twice at once makes one', async () => {
  const [hook] = await hooks();
  await fetch(`${world.github.url}/repos/acme/shop/hooks/${hook!.id}`, { method: 'DELETE', headers: { authorization: 'Bearer a-token-that-works' } });
  const both = await Promise.all([setUp(), setUp()]);
  expect(both.flat().map(({ done }) => done)).toEqual([true, true]);
  expect(await hooks()).toHaveLength(1);
});

it('says what the credentials may not do, and goes on with the other repositories', async () => {
  world.github.faults.add({ kind: 'status', status: 403, path: '*/acme/shop/hooks', times: 1, body: { message: 'Resource not accessible by personal access token' } });
  expect(await setUp(false, ['acme/shop', 'acme/none'])).toEqual([
    { place: 'acme/shop', action: 'refused', done: false, lines: [expect.stringContaining('Resource not accessible')] },
    { place: 'acme/none', action: 'refused', done: false, lines: [expect.stringContaining('HTTP 404')] },
  ]);
});

it('tells no secret, and knows no connection of others', async () => {
  const said = JSON.stringify([await world.ask('check', { connection: 'c' }), await setUp()]);
  expect(said).not.toContain(HOOK_SECRET);
  expect(said).not.toContain('a-token-that-works');
  expect(await world.ask('check', { connection: 'gitlab' })).toBeNull();
});
