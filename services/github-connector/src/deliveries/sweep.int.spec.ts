import { waitFor } from '@stellwerk/testing';
import { afterEach, expect, it } from 'vitest';
import { startSweepRig, type SweepRig } from '../../spec/sweep-rig.js';

const SOON = { timeoutMs: 60_000 };
let world: SweepRig;

afterEach(async () => world?.close());

/** All that GitHub ever had to tell. */
const told = (): Set<string> => new Set(world.github.sentHooks().filter(({ event }) => event !== 'ping').map(({ delivery }) => delivery));
const allTaken = () => waitFor(() => new Set(world.door.taken()).size === told().size, { ...SOON, what: 'all deliveries' });
const states = () => world.query<{ state: string; asks: number; count: number }>('SELECT state, asks, count(*)::int FROM missed_deliveries GROUP BY state, asks ORDER BY state, asks');

it('what did not arrive during an outage is back soon after it, each asked for once where GitHub shows no list of runs, and nothing else is', async () => {
  world = await startSweepRig({ pointsPerMinute: 900 });
  await world.configure();
  world.withoutLists();
  await world.runs(2);
  world.door.answer = () => 503;
  await world.runs(4);
  world.door.answer = () => 202;
  const missed = told().size - world.door.taken().length;
  expect(missed).toBe(24);
  await world.rig.startConnector(world.env);
  await allTaken();
  await waitFor(async () => (await states()).every(({ state }) => state === 'back'), { ...SOON, what: 'all known to be back' });
  const asked = await world.asked();
  expect([asked.length, new Set(asked).size, world.door.taken().length]).toEqual([missed, missed, told().size]);
  // The flow waits for the ends of runs, and its own step for their starts: these came first.
  const first = new Set(world.door.taken().slice(12, 12 + 8));
  const abouts = world.github.sentHooks().filter(({ delivery, redelivery }) => !redelivery && first.has(delivery)).map(({ event, about }) => `${event} ${about.split(' ')[1]}`);
  expect(new Set(abouts)).toEqual(new Set(['workflow_run in_progress', 'workflow_run completed']));
  // Nothing was refused but the lists, once.
  expect((await world.github.journal()).filter(({ answer }) => answer?.status === 403).map(({ path }) => path.split('?')[0])).toEqual(['/repos/acme/shop/actions/runs']);
  await waitFor(() => world.rig.events.find(({ data }) => JSON.stringify(data.notes ?? []).includes('lists of runs cannot be read, so that each is asked for by itself')), { ...SOON, what: 'health that says why' });
}, 120_000);

it('while nothing arrives it pings and wears out no delivery; what failed by then is back when that is over', async () => {
  world = await startSweepRig();
  await world.configure();
  world.door.answer = () => 502;
  await world.runs(2);
  await world.rig.startConnector(world.env);
  const pings = () => world.door.answers.filter(({ event }) => event === 'ping').length;
  await waitFor(() => pings() > 0, { ...SOON, what: 'a ping' });
  await waitFor(async () => (await world.query('SELECT 1 FROM sweeps WHERE note LIKE \'%do not arrive%\'')).length > 0, { ...SOON, what: 'the note' });
  expect([await world.asked(), await states()]).toEqual([[], [{ state: 'open', asks: 0, count: 12 }]]);
  const health = await waitFor(() => world.rig.events.findLast(({ data }) => (data.notes as string[] | undefined)?.some((note) => note.includes('do not arrive'))), { what: 'health that says so' });
  expect(health.data.notes).toEqual([expect.stringMatching(/^acme\/shop: webhooks do not arrive \(since .*Invalid HTTP Response: 502\); 12 that did not arrive are asked for again$/)]);
  world.door.answer = () => 202;
  await world.runs(1);
  await world.query('UPDATE sweeps SET next_at = now()');
  await allTaken();
  expect(await world.asked()).toHaveLength(12);
}, 120_000);

it('a process that is killed in the middle is followed by another one, which goes on', async () => {
  world = await startSweepRig({ pointsPerMinute: 900 });
  await world.configure();
  world.withoutLists();
  world.door.answer = () => 503;
  await world.runs(4);
  world.door.answer = () => 202;
  const first = await world.rig.startConnector(world.env);
  await waitFor(async () => (await world.asked()).length >= 5, { ...SOON, what: 'some asked for' });
  first.kill('SIGKILL');
  await world.query('UPDATE sweeps SET lease_until = now()');
  await world.rig.startConnector(world.env);
  await allTaken();
  const asked = await world.asked();
  expect(asked.length - new Set(asked).size).toBeLessThanOrEqual(4);
}, 120_000);

it('of two replicas one sweeps', async () => {
  world = await startSweepRig({ rateLimit: 0 });
  await world.configure();
  world.withoutLists();
  world.door.answer = () => 503;
  await world.runs(4);
  world.door.answer = () => 202;
  await Promise.all([world.rig.startConnector(world.env), world.rig.startConnector(world.env)]);
  await allTaken();
  await waitFor(async () => (await states()).every(({ state }) => state === 'back'), { ...SOON, what: 'all known to be back' });
  expect(await world.asked()).toHaveLength(24);
}, 120_000);

it('one that is refused again and again is given up, which is said', async () => {
  world = await startSweepRig();
  await world.configure();
  let poison = '';
  world.door.answer = (guid, event) => {
    if (event === 'workflow_run') poison ||= guid;
    return guid === poison ? 413 : 202;
  };
  await world.runs(1);
  await world.rig.startConnector(world.env);
  await waitFor(async () => {
    await world.query('UPDATE missed_deliveries SET next_ask_at = now(); UPDATE sweeps SET next_at = now() WHERE owner IS NULL');
    return (await states()).some(({ state }) => state === 'given-up');
  }, { timeoutMs: 90_000, everyMs: 1_000, what: 'the end of it' });
  expect(await states()).toEqual(expect.arrayContaining([{ state: 'given-up', asks: 6, count: 1 }]));
  expect(world.door.answers.filter(({ guid }) => guid === poison)).toHaveLength(7);
  expect(await world.query('SELECT note FROM sweeps')).toEqual([{ note: expect.stringContaining('1 given up in the last three days') }]);
}, 150_000);
