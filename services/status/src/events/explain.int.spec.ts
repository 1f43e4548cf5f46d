import { connect, type NatsConnection } from '@nats-io/transport-node';
import { cloudEvent, runId, type ExplainEvent, type ExplainReply, type PlatformEvent } from '@stellwerk/contracts';
import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRun } from '../../test/runs.js';
import { startStatus, type StatusRig } from '../../test/status-rig.js';
import type { ExplanationView } from './explanation.response.js';

/** As a poll makes it: with slashes, and longer than most web servers take. */
const ID = `github:poll:https://api.github.com/acme/${'a-long-name-'.repeat(12)}/pipelinerun/9/1/finished`;

let nats: TestNats;
let rig: StatusRig;
/** Answers in the router's place. */
let router: NatsConnection;

beforeAll(async () => {
  nats = await startTestNats();
  rig = await startStatus(nats.url, await testDatabaseUrl());
  router = await connect({ servers: nats.url });
  await rig.publish('events.github.pipelinerun.finished', cloudEvent<PlatformEvent>({
    id: ID, source: '/connections/github', type: 'pipelinerun.finished', subject: '9', time: new Date(), correlationId: 'h', causationId: 'h', fact: 'a fact',
    data: { connection: 'github', platform: 'github', repository: 'acme/shop', branch: 'main', run: { id: '9', attempt: 1 }, outcome: 'success', occurredAt: new Date().toISOString() },
  }));
  await rig.publishRun('run.started', newRun({ id: runId('release', 0, 'a fact') }));
  await waitFor(async () => (await rig.get<{ items: unknown[] }>('/api/events')).body.items.length === 2, { what: 'the events to be recorded' });
});

afterAll(async () => {
  await router?.close();
  await rig?.stop();
  await nats?.stop();
});

const explained = (id: string) => rig.get<ExplanationView & { detail?: string }>(`/api/events/${encodeURIComponent(id)}/explain`);

const condition = { condition: 'branches', expected: ['main'], holds: true, saw: [{ expression: 'branches', value: '"main"' }] };
const flow = (name: string) => ({ flow: name, revision: 'r1', triggers: [{ trigger: 0, takes: name === 'release', conditions: [condition] }] });

describe('what became of an event', () => {
  it('is asked of the router page by page, and the run that it started is shown with its state', async () => {
    const asked: ExplainEvent[] = [];
    const pages: ExplainReply[] = [
      { revision: 'c1', items: [flow('nightly')], next: 'nightly' },
      { revision: 'c1', items: [{ ...flow('release'), matched: 0, run: runId('release', 0, 'a fact') }, { ...flow('x'), matched: 0, run: 'never-started' }], next: null },
    ];
    const subscription = router.subscribe('router.explain', {
      callback: (_error, message) => {
        const { id, data } = message.json<{ id: string; data: ExplainEvent }>();
        message.respond(JSON.stringify({ id, response: pages[asked.push(data) - 1], isDisposed: true }));
      },
    });
    await router.flush();
    const { status, body } = await explained(ID);
    expect([status, body.revision, body.next, body.event.id]).toEqual([200, 'c1', null, ID]);
    expect(body.items.map(({ flow: name, run }) => [name, run])).toEqual([
      ['nightly', undefined], ['release', { id: runId('release', 0, 'a fact'), state: 'running' }], ['x', { id: 'never-started', state: null }],
    ]);
    expect(asked).toMatchObject([{ id: ID, type: 'pipelinerun.finished', fact: 'a fact', data: { branch: 'main' } }, { id: ID, after: 'nightly' }]);
    subscription.unsubscribe();
  });

  it('is not known while the router is away, of events that are gone, and of our own', async () => {
    expect(await explained(ID)).toMatchObject({ status: 503, body: { detail: expect.stringContaining('router does not answer') } });
    expect(await explained('nothing')).toMatchObject({ status: 404 });
    const { body } = await rig.get<{ items: { id: string; type: string }[] }>('/api/events');
    expect(await explained(body.items.find(({ type }) => type === 'run.started')!.id)).toMatchObject({ status: 422, body: { detail: expect.stringContaining('No trigger is asked about run.started') } });
  });
});

describe('the list of events', () => {
  it('holds what platforms told since a time, where that is asked for', async () => {
    const ids = async (query: string) => (await rig.get<{ items: { id: string }[] }>(`/api/events?${query}`)).body.items.map(({ id }) => id);
    expect(await ids('kind=platform&since=1h')).toEqual([ID]);
    expect(await ids(`kind=platform&since=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
    expect(await ids(`kind=platform&until=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([ID]);
    expect(await ids('kind=platform&until=1h')).toEqual([]);
    expect((await rig.get('/api/events?since=soon')).status).toBe(400);
    expect((await rig.get('/api/events?kind=own')).status).toBe(400);
  });
});
