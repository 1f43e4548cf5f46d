import { shortType } from '@stellwerk/contracts';
import { hookPlatforms } from '@stellwerk/platforms';
import { waitFor } from '@stellwerk/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startSweepRig, type SweepRig } from '../../spec/sweep-rig.js';

const SOON = { timeoutMs: 60_000 };
const TOKEN = { authorization: 'Bearer a-token-that-works' };
let world: SweepRig;
/** What was there before this case. */
let past = { hooks: 0, events: 0, calls: 0 };

beforeAll(async () => {
  world = await startSweepRig({ rateLimit: 0 });
  await world.configure();
  await request('PATCH', 'hooks/4711', { events: ['workflow_run', 'push'] });
}, 120_000);

afterEach(async () => {
  await world.rig.stopConnectors();
  world.github.faults.clear();
  past = { hooks: world.github.sentHooks().at(-1)!.id, events: world.rig.events.length, calls: (await world.github.journal()).length };
});

afterAll(async () => world?.close());

const request = (method: string, path: string, json?: object) => fetch(`${world.github.url}/repos/acme/shop/${path}`, { method, headers: TOKEN, body: json && JSON.stringify(json) });
const api = (method: string, path: string) => request(method, `actions/runs/${path}`);
const hooks = () => world.github.sentHooks().filter(({ id }) => id > past.hooks);
const journal = async () => (await world.github.journal()).slice(past.calls);

/** Facts that the hooks of runs told, or would have: as ingress reads them. */
const factsOf = (sent: ReturnType<typeof hooks>): string[] => {
  const context = { connection: 'c', platform: 'github', origin: world.github.url, receivedAt: new Date(), hookId: 'c:1' } as const;
  const runs = sent.filter(({ event }) => event === 'workflow_run');
  return runs.flatMap(({ headers, body }) => hookPlatforms.github!.translate(JSON.parse(body), { ...context, headers }).events.map(({ fact }) => fact)).sort();
};
const allFacts = (): string[] => factsOf(hooks().filter(({ redelivery }) => !redelivery));

/** What the connector told by itself, each once. */
const events = () => {
  const facts = new Set(allFacts());
  // What was told in the case before may be told again, as its runs are of the same minute.
  return world.rig.events.slice(past.events).filter(({ type, fact }) => shortType(type).startsWith('pipelinerun.') && facts.has(fact as string));
};
const told = () => new Map(events().map((event) => [event.fact as string, event]));
const allTold = () => waitFor(() => told().size >= allFacts().length && [...told().keys()].sort(), { ...SOON, what: 'all events' });
const states = () => {
  const guids = hooks().map(({ delivery }) => `'${delivery}'`).join();
  return world.query<{ event: string; state: string; count: number }>(`SELECT event, state, count(*)::int FROM missed_deliveries WHERE event <> '' AND guid IN (${guids}) GROUP BY event, state ORDER BY event, state`);
};
/** Turns come as soon as they may. */
const hurry = () => world.query('UPDATE sweeps SET next_at = now() WHERE owner IS NULL');
const allAre = (wanted: object[]) => waitFor(async () => {
  await hurry();
  const found = await states();
  return JSON.stringify(found) === JSON.stringify(wanted) && found;
}, { ...SOON, everyMs: 500, what: `deliveries as ${JSON.stringify(wanted)}` });
const listCalls = async () => (await journal()).filter(({ path }) => path.includes('/actions/runs?'));

/** Runs of every sort, of which no webhook arrives. */
const outage = async (): Promise<void> => {
  const { github } = world;
  world.door.answer = () => 503;
  const push = (order: object): number => (github.push({ milliseconds: 20, ...order }) as { id: number }).id;
  const waiting = push({ milliseconds: 120_000 });
  const working = push({ milliseconds: 200, conclusion: 'never' });
  push({ conclusion: 'failure', event: 'pull_request', headRepository: 'mallory/shop' });
  push({ conclusion: 'skipped', announce: true });
  const again = push({});
  for (let n = 0; n < 3; n += 1) push({});
  const is = (id: number, status: string) => waitFor(() => (github.runs() as { id: number; status: string }[]).find((run) => run.id === id)!.status === status, { ...SOON, what: `run ${id} to be ${status}` });
  await is(working, 'in_progress');
  await is(again, 'completed');
  for (const id of [waiting, working]) expect((await api('POST', `${id}/cancel`)).status).toBe(202);
  expect((await api('POST', `${again}/rerun`)).status).toBe(201);
  await waitFor(() => (github.runs() as { status: string }[]).every(({ status }) => status === 'completed') && hooks().every(({ state }) => state !== 'pending'), { ...SOON, what: 'all to be over' });
  world.door.answer = () => 202;
};

const missed = (): number => allFacts().length;

it('what hooks of runs would have told is told by a few calls, as the same facts and under the ids of a poll; of all that only the push is asked for again', async () => {
  await outage();
  const connector = await world.rig.startConnector(world.env);
  await allAre([{ event: 'push', state: 'back', count: 1 }, { event: 'workflow_run', state: 'listed', count: missed() }]);
  expect(await allTold()).toEqual(allFacts());
  for (const [fact, { id, data }] of told()) expect([id, data.hook, data.connection]).toEqual([`c:poll:${fact}`, undefined, 'c']);
  expect(hooks().filter(({ redelivery }) => redelivery).map(({ event }) => event)).toEqual(['push']);
  // One list, the attempt before the last, the jobs of two that were cancelled.
  const reads = (await journal()).filter(({ method, path }) => method === 'GET' && path.includes('/actions/runs')).map(({ path }) => path.replace(/\d+/g, 'n').replace(/\?.*/, '').split('/runs')[1]);
  expect(reads.sort()).toEqual(['', '/n/attempts/n', '/n/attempts/n/jobs', '/n/attempts/n/jobs']);
  expect(await world.rig.metric(connector, 'deliveries_listed_total')).toBe(missed());
}, 120_000);

it('killed in the middle it is followed by another process, of two replicas one looks, and each event has one id', async () => {
  await outage();
  world.github.faults.add({ kind: 'hang-before', method: 'GET', path: '*/jobs', times: 1 });
  const first = await world.rig.startConnector(world.env);
  await waitFor(async () => (await hurry(), (await journal()).some(({ path }) => path.includes('/jobs?'))), { ...SOON, what: 'it to be in the middle' });
  first.kill('SIGKILL');
  await world.query('UPDATE sweeps SET lease_until = now()');
  await Promise.all([world.rig.startConnector(world.env), world.rig.startConnector(world.env)]);
  await allAre([{ event: 'push', state: 'back', count: 1 }, { event: 'workflow_run', state: 'listed', count: missed() }]);
  expect(await allTold()).toEqual(allFacts());
  expect(new Set(events().map(({ id }) => id)).size).toBe(missed());
  expect((await listCalls()).length).toBe(2);
}, 120_000);

it('where a run is gone from the lists, what may be about it is asked for again; what both ways tell is the same fact', async () => {
  await outage();
  const all = (world.github.runs() as { id: number; run_attempt: number; conclusion: string }[]);
  const gone = all.find(({ run_attempt: attempt, conclusion }) => attempt === 1 && conclusion === 'success')!;
  expect((await api('DELETE', String(gone.id))).status).toBe(204);
  await world.rig.startConnector(world.env);
  await waitFor(async () => (await hurry(), (await states()).length > 0 && (await states()).every(({ state }) => state !== 'open')), { ...SOON, everyMs: 500, what: 'nothing to be open' });
  const byHook = factsOf(hooks().filter(({ state }) => state === 'delivered'));
  expect(byHook.filter((fact) => fact.includes(`/${gone.id}/`))).toHaveLength(3);
  expect(byHook.length).toBeGreaterThan(3);
  await waitFor(() => told().size >= missed() - 3, { what: 'what the list tells' });
  expect([...new Set([...byHook, ...told().keys()])].sort()).toEqual(allFacts());
}, 120_000);
