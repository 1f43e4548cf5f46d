import { shortType } from '@stellwerk/contracts';
import { hookPlatforms } from '@stellwerk/platforms';
import { waitFor } from '@stellwerk/testing';
import { afterEach, expect, it } from 'vitest';
import { startSweepRig, type SweepRig } from '../../spec/sweep-rig.js';

const SOON = { timeoutMs: 60_000 };
const TOKEN = { authorization: 'Bearer a-token-that-works' };
let world: SweepRig;

afterEach(async () => world?.close());

const api = (method: string, path: string) => fetch(`${world.github.url}/repos/acme/shop/actions/runs/${path}`, { method, headers: TOKEN });

/** Facts that the hooks of runs told, or would have: as ingress reads them. */
const factsOfHooks = (): string[] => {
  const hooks = world.github.sentHooks().filter(({ event, redelivery }) => event === 'workflow_run' && !redelivery);
  const context = { connection: 'c', platform: 'github', origin: world.github.url, receivedAt: new Date(), hookId: 'c:1' } as const;
  return hooks.flatMap(({ headers, body }) => hookPlatforms.github!.translate(JSON.parse(body), { ...context, headers }).events.map(({ fact }) => fact)).sort();
};

/** What the connector told by itself, each once. */
const told = () => new Map(world.rig.events.filter(({ type }) => shortType(type).startsWith('pipelinerun.')).map((event) => [event.fact as string, event]));
const states = () => world.query<{ event: string; state: string; count: number }>("SELECT event, state, count(*)::int FROM missed_deliveries WHERE event <> '' GROUP BY event, state ORDER BY event, state");
const allAre = (wanted: object[]) => waitFor(async () => {
  const found = await states();
  return JSON.stringify(found) === JSON.stringify(wanted) && found;
}, { ...SOON, what: `deliveries as ${JSON.stringify(wanted)}` });
const listCalls = async () => (await world.github.journal()).filter(({ path }) => path.includes('/actions/runs?'));

/** Runs of every sort, of which no webhook arrives. */
const outage = async (): Promise<void> => {
  const { github } = world;
  world.door.answer = () => 503;
  const push = (order: object): number => (github.push({ milliseconds: 20, ...order }) as { id: number }).id;
  const waiting = push({ milliseconds: 120_000 });
  const working = push({ milliseconds: 200, conclusion: 'never' });
  push({ conclusion: 'failure', event: 'pull_request', headRepository: 'mallory/shop' });
  push({ conclusion: 'skipped' });
  const again = push({});
  for (let n = 0; n < 12; n += 1) push({});
  const is = (id: number, status: string) => waitFor(() => (github.runs() as { id: number; status: string }[]).find((run) => run.id === id)!.status === status, { ...SOON, what: `run ${id} to be ${status}` });
  await is(working, 'in_progress');
  await is(again, 'completed');
  for (const id of [waiting, working]) expect((await api('POST', `${id}/cancel`)).status).toBe(202);
  expect((await api('POST', `${again}/rerun`)).status).toBe(201);
  await waitFor(() => (github.runs() as { status: string }[]).every(({ status }) => status === 'completed') && github.sentHooks().every(({ state }) => state !== 'pending'), { ...SOON, what: 'all to be over' });
  world.door.answer = () => 202;
};

const deliveries = (event: string): number => new Set(world.github.sentHooks().filter((hook) => hook.event === event).map(({ delivery }) => delivery)).size;

it('what hooks of runs would have told is told by a few calls, as the same facts and under the ids of a poll; nothing of it is asked for again', async () => {
  world = await startSweepRig({ pointsPerMinute: 900 });
  await world.configure();
  await outage();
  const connector = await world.rig.startConnector(world.env);
  const [runs, jobs] = [deliveries('workflow_run'), deliveries('workflow_job')];
  await allAre([{ event: 'workflow_job', state: 'back', count: jobs }, { event: 'workflow_run', state: 'listed', count: runs }]);
  expect([...(await waitFor(() => told().size >= runs && told(), { what: 'all events' })).keys()].sort()).toEqual(factsOfHooks());
  for (const [fact, { id, data }] of told()) expect([id, data.hook, data.connection]).toEqual([`c:poll:${fact}`, undefined, 'c']);
  expect(new Set(world.door.answers.filter(({ status }) => status === 202).map(({ event }) => event))).toEqual(new Set(['ping', 'workflow_job']));
  // One list, one attempt before the last, the jobs of two that were cancelled.
  expect((await listCalls()).length).toBeLessThanOrEqual(2);
  expect(await world.rig.metric(connector, 'deliveries_listed_total')).toBe(runs);
}, 120_000);

it('killed in the middle it is followed by another process, of two replicas one looks, and each event has one id', async () => {
  world = await startSweepRig();
  await world.configure();
  await outage();
  world.github.faults.add({ kind: 'hang-before', method: 'GET', path: '*/jobs', times: 1 });
  const first = await world.rig.startConnector(world.env);
  await waitFor(async () => (await world.github.journal()).some(({ path }) => path.includes('/jobs?')), { ...SOON, what: 'it to be in the middle' });
  first.kill('SIGKILL');
  await world.query('UPDATE sweeps SET lease_until = now()');
  await Promise.all([world.rig.startConnector(world.env), world.rig.startConnector(world.env)]);
  const runs = deliveries('workflow_run');
  await allAre([{ event: 'workflow_job', state: 'back', count: deliveries('workflow_job') }, { event: 'workflow_run', state: 'listed', count: runs }]);
  expect([...(await waitFor(() => told().size >= runs && told(), { what: 'all events' })).keys()].sort()).toEqual(factsOfHooks());
  expect(new Set(world.rig.events.filter(({ type }) => shortType(type).startsWith('pipelinerun.')).map(({ id }) => id)).size).toBe(runs);
  expect((await listCalls()).length).toBeLessThanOrEqual(3);
}, 120_000);

it('where a run is gone from the lists, what may be about it is asked for again; what both ways tell is the same fact', async () => {
  world = await startSweepRig();
  await world.configure();
  await outage();
  const gone = (world.github.runs() as { id: number; run_attempt: number; conclusion: string }[]).find(({ run_attempt: attempt, conclusion }) => attempt === 1 && conclusion === 'success')!;
  expect((await api('DELETE', String(gone.id))).status).toBe(204);
  await world.rig.startConnector(world.env);
  const missed = deliveries('workflow_run');
  await waitFor(async () => (await states()).every(({ state }) => state !== 'open') && (await states()).length > 0, { ...SOON, timeoutMs: 90_000, what: 'nothing to be open' });
  const arrived = world.github.sentHooks().filter(({ event, state }) => event === 'workflow_run' && state === 'delivered');
  const context = { connection: 'c', platform: 'github', origin: world.github.url, receivedAt: new Date(), hookId: 'c:1' } as const;
  const byHook = arrived.flatMap(({ headers, body }) => hookPlatforms.github!.translate(JSON.parse(body), { ...context, headers }).events.map(({ fact }) => fact));
  expect(byHook.filter((fact) => fact.includes(`/${gone.id}/`))).toHaveLength(3);
  expect(byHook.length).toBeGreaterThan(3);
  const both = new Set([...byHook, ...told().keys()]);
  expect([both.size, [...both].sort()]).toEqual([missed, factsOfHooks()]);
}, 150_000);
