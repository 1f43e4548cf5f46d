import { randomUUID } from 'node:crypto';
import { get } from 'node:http';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { cloudEvent, type PlatformEvent, type TriggerResult } from '@stellwerk/contracts';
import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attempt, newRun, next, onBranch, step } from '../../test/runs.js';
import { startStatus, type StatusRig } from '../../test/status-rig.js';
import type { RunList, RunView } from './run.response.js';

interface ProblemBody {
  status: number;
  detail: string;
  errors?: { parameter: string; detail: string }[];
}

let nats: TestNats;
let rig: StatusRig;
/** Answers in the router's place. */
let router: NatsConnection;

beforeAll(async () => {
  nats = await startTestNats();
  rig = await startStatus(nats.url, await testDatabaseUrl());
  router = await connect({ servers: nats.url });
});

afterAll(async () => {
  await router?.close();
  await rig?.stop();
  await nats?.stop();
});

const shown = (id: string, version = 1): Promise<RunView> => waitFor(async () => {
  const { status, body } = await rig.get<RunView>(`/api/runs/${id}`);
  return status === 200 && body.version >= version && body;
}, { what: `run ${id} at version ${version}` });

const post = async (path: string, body?: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }): Promise<{ status: number; body: ProblemBody }> => {
  const response = await fetch(`${rig.url}${path}`, { method: 'POST', headers, body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as ProblemBody };
};

describe('one run', () => {
  it('has every field of the interface, null where nothing is known', async () => {
    const run = newRun({
      steps: [{ ...step('scan', 'succeeded', [], [attempt(1, 'failed', { outcome: 'failure', reason: 'flaky' }), attempt(2, 'succeeded', { outcome: 'success', outputs: { pipeline: 102 } })]), outcome: 'success' }, step('deploy', 'pending', ['scan'])],
    });
    await rig.publishRun('run.started', run);
    const view = await shown(run.id);
    expect(Object.keys(view).sort()).toEqual(
      ['id', 'flow', 'revision', 'state', 'reason', 'event', 'events', 'steps', 'inputs', 'attempt', 'version', 'createdAt', 'startedAt', 'finishedAt', 'trace'].sort());
    expect(view).toMatchObject({
      id: run.id, flow: 'release', state: 'running', reason: null, events: null, finishedAt: null, trace: run.trace,
      event: { id: run.event.id, type: 'pipelinerun.finished', connection: 'github', repository: 'acme/shop', branch: 'main', sha: run.event.sha, url: run.event.url },
      steps: [
        { name: 'scan', state: 'succeeded', outcome: 'success', rollback: null, attempts: [
          { number: 1, state: 'failed', run: { id: '101', url: 'https://gitlab.example.com/acme/scan/-/pipelines/101' }, outputs: null, finishedAt: null },
          { number: 2, state: 'succeeded', outputs: { pipeline: 102 } },
        ] },
        { name: 'deploy', state: 'pending', outcome: null, needs: ['scan'], attempts: [] },
      ],
    });
  });

  it('of a join shows each of its events', async () => {
    const run = newRun({ events: { build: { id: 'github:1:pipelinerun.finished', type: 'pipelinerun.finished' }, 'e-2-e': { id: 'jenkins:1:pipelinerun.finished', type: 'pipelinerun.finished' } } });
    await rig.publishRun('run.started', run);
    expect((await shown(run.id)).events).toEqual(run.events);
  });

  it('that is not there is a 404 problem', async () => {
    const { status, type, body } = await rig.get('/api/runs/nope');
    expect([status, type.split(';')[0], body]).toEqual([404, 'application/problem+json', expect.objectContaining({ status: 404, title: 'Not Found', detail: 'There is no run "nope".' })]);
  });
});

describe('the list', () => {
  it('is filtered, newest first, and goes on behind the cursor without gap or repetition', async () => {
    const branch = `list-${randomUUID()}`;
    const runs = Array.from({ length: 7 }, () => newRun({ event: onBranch(branch) }));
    for (const run of runs) await rig.publishRun('run.started', run);
    await Promise.all(runs.map((run) => shown(run.id)));
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: RunList } = await rig.get<RunList>(`/api/runs?branch=${branch}&limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.items.map((run) => run.id));
      cursor = body.next;
    }
    expect(seen).toEqual(runs.map((run) => run.id).reverse());
  });

  it.each([
    ['flow=other', 0], ['flow=release', 1], ['state=running', 1], ['state=failed,running', 1], ['state=failed', 0], ['repository=acme/shop', 1], ['repository=acme', 0],
    ['sha=0123456', 1], ['sha=0123456789abcdef0123456789abcdef01234567', 1], ['sha=_', 0], ['sha=%25', 0],
  ])('by %s', async (query, count) => {
    const run = newRun({ event: onBranch(`by-${randomUUID()}`) });
    await rig.publishRun('run.started', run);
    await shown(run.id);
    const { body } = await rig.get<RunList>(`/api/runs?branch=${run.event.branch}&${query}`);
    expect(body.items).toHaveLength(count);
  });

  it('by queued shows the runs that have not begun; one that never did has no start', async () => {
    const branch = `queued-${randomUUID()}`;
    const queued = newRun({ state: 'queued', reason: 'group "main" is full', startedAt: undefined, event: onBranch(branch) });
    await rig.publishRun('run.queued', queued);
    await shown(queued.id);
    const { body } = await rig.get<RunList>(`/api/runs?branch=${branch}&state=queued`);
    expect(body.items).toMatchObject([{ id: queued.id, state: 'queued', reason: 'group "main" is full', startedAt: null }]);
    await rig.publishRun('run.cancelled', next(queued, 'cancelled', { reason: 'replaced' }));
    expect(await shown(queued.id, 2)).toMatchObject({ state: 'cancelled', startedAt: null });
    expect((await rig.get<RunList>(`/api/runs?branch=${branch}&state=queued`)).body.items).toEqual([]);
  });

  it.each([
    ['limit=0', 'limit', 'a whole number from 1 to 200'], ['limit=201', 'limit', '200'], ['limit=ten', 'limit', 'whole number'], ['limit=', 'limit', 'whole number'],
    ['state=done', 'state', 'queued, running'], ['state=', 'state', 'queued'], ['cursor=xyz', 'cursor', 'must be the `next`'], ['flow=a&flow=b', 'flow', 'one text'],
  ])('refuses %s and says what is expected', async (query, parameter, expected) => {
    const { status, type, body } = await rig.get<ProblemBody>(`/api/runs?${query}`);
    expect([status, type]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(body.detail).toContain(expected);
    expect(body.errors).toMatchObject([{ parameter }]);
  });
});

describe('orders', () => {
  it('go to the router with the person\'s name, and its answer comes back', async () => {
    const asked: unknown[] = [];
    const answers = [{ ok: true, status: 202, detail: 'cancelling' }, { ok: false, status: 409, detail: 'the run has ended' }, { ok: false, status: 404, detail: 'no such run' }];
    const subscription = router.subscribe('router.cancel', {
      callback: (_error, message) => {
        const { id, data } = message.json<{ id: string; data: unknown }>();
        asked.push(data);
        message.respond(JSON.stringify({ id, response: answers[asked.length - 1], isDisposed: true }));
      },
    });
    await router.flush();
    expect(await post('/api/runs/r1/cancel', {})).toEqual({ status: 202, body: { detail: 'cancelling' } });
    expect(await post('/api/runs/r1/cancel', undefined, {})).toMatchObject({ status: 409, body: { detail: 'the run has ended', status: 409 } });
    expect(await post('/api/runs/r2/cancel')).toMatchObject({ status: 404 });
    expect(asked).toEqual([{ run: 'r1', by: 'local' }, { run: 'r1', by: 'local' }, { run: 'r2', by: 'local' }]);
    const audited = await rig.database.query('SELECT person, role, action, target FROM audit_log ORDER BY id');
    expect(audited).toEqual(['r1', 'r1', 'r2'].map((target) => ({ person: 'local', role: 'admin', action: 'run.cancel', target })));
    subscription.unsubscribe();
  });

  it('are 503 with Retry-After while the router is away', async () => {
    const response = await fetch(`${rig.url}/api/runs/r1/cancel`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('to resolve name what ran', async () => {
    const asked: unknown[] = [];
    const subscription = router.subscribe('router.resolve', {
      callback: (_error, message) => {
        const { id, data } = message.json<{ id: string; data: unknown }>();
        asked.push(data);
        message.respond(JSON.stringify({ id, response: { ok: true, status: 202, detail: 'ok' }, isDisposed: true }));
      },
    });
    await router.flush();
    expect((await post('/api/runs/r1/steps/scan/resolve', { ran: true, run: '77' })).status).toBe(202);
    expect((await post('/api/runs/r1/steps/scan/resolve', { ran: false })).status).toBe(202);
    expect(asked).toEqual([{ run: 'r1', step: 'scan', ran: true, platformRun: '77', by: 'local' }, { run: 'r1', step: 'scan', ran: false, by: 'local' }]);
    subscription.unsubscribe();
  });

  it.each([
    [{}, 'ran'], [{ ran: 'yes' }, 'ran'], [{ ran: true }, 'run'], [{ ran: true, run: '' }, 'run'], [{ ran: true, run: 7 }, 'run'],
  ])('to resolve with %j are refused, naming the field', async (body, parameter) => {
    const answer = await post('/api/runs/r1/steps/scan/resolve', body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.map((error) => error.parameter)).toContain(parameter);
  });

  it('that another site may have caused are refused', async () => {
    expect(await post('/api/runs/r1/cancel', 'x', { 'content-type': 'text/plain', origin: 'https://evil.example' })).toMatchObject({ status: 415 });
    expect(await post('/api/runs/r1/cancel', undefined, { origin: 'https://evil.example' })).toMatchObject({ status: 403 });
  });

  it('with a body that is no JSON are 400', async () => expect((await post('/api/runs/r1/cancel', '{')).status).toBe(400));
});

describe('the timeline', () => {
  const told = (id: string, some: Partial<PlatformEvent>, fact = id) => cloudEvent<PlatformEvent>({
    id, source: '/connections/gitlab', type: 'pipelinerun.finished', subject: '9', time: new Date(), correlationId: 'h', causationId: 'h', fact,
    data: { connection: 'gitlab', platform: 'gitlab', repository: 'acme/scan', run: { id: '9', attempt: 1 }, outcome: 'success', occurredAt: new Date().toISOString(), ...some },
  });

  it('of a run holds its own events and those of the platform runs that it started', async () => {
    const run = newRun();
    const key = `https://gitlab.example.com/acme/scan/pipelinerun/${randomUUID()}`;
    await rig.publish('events.gitlab.trigger.accepted', cloudEvent<TriggerResult>({
      id: `${run.id}:scan:run:1:accepted`, source: '/services/gitlab-connector', type: 'trigger.accepted', subject: run.id, time: new Date(),
      correlationId: run.id, causationId: `${run.id}:scan:run:1`,
      data: {
        command: `${run.id}:scan:run:1`, run: run.id, flow: 'release', step: 'scan', purpose: 'run', connection: 'gitlab', platform: 'gitlab',
        platformRun: { id: '9', attempt: 1 }, platformRunKey: key, followed: true, occurredAt: new Date().toISOString(),
      },
    }));
    await rig.publish('events.gitlab.pipelinerun.finished', told(`ev-${run.id}`, { hook: 'gitlab:h' }, `${key}/1/finished`));
    await rig.publishRun('run.started', run);
    const { body } = await waitFor(async () => {
      const page = await rig.get<{ items: { id: string; type: string }[] }>(`/api/events?run=${run.id}`);
      return page.body.items.length === 3 && page;
    }, { what: 'three events' });
    expect(body.items.map(({ type }) => type).sort()).toEqual(['pipelinerun.finished', 'run.started', 'trigger.accepted']);
    const one = await rig.get<{ items: unknown[]; next: string | null }>(`/api/events?connection=gitlab&repository=acme/scan&type=pipelinerun.finished&limit=1`);
    expect(one.body.items).toHaveLength(1);
    const { body: connections } = await rig.get<{ items: { name: string; health: { lastHookAt: string | null; lastEventAt: string | null } }[] }>('/api/connections');
    const gitlab = connections.items.find(({ name }) => name === 'gitlab')!;
    expect([gitlab.health.lastHookAt, gitlab.health.lastEventAt]).toEqual([expect.any(String), expect.any(String)]);
  });
});

describe('flows and connections', () => {
  it('are those of the configuration', async () => {
    const { body } = await rig.get('/api/flows');
    expect(body).toMatchObject({
      items: [{ name: 'by-hand', triggers: 0 }, { name: 'release', description: 'Scan, then deploy', labels: { team: 'shop' }, triggers: 1, steps: [{ name: 'scan', uses: 'gitlab/trigger-pipeline' }, { name: 'deploy', needs: ['scan'] }] }],
      next: null, config: { faults: [] },
    });
  });
  it('never show a secret', async () => {
    const { body } = await rig.get<{ items: { name: string; hookPath: string | null; limits: object }[] }>('/api/connections');
    expect(body.items.map(({ name, hookPath }) => [name, hookPath])).toEqual([['github', '/hooks/github'], ['gitlab', null]]);
    expect(body.items[0]!.limits).toEqual({ concurrency: 10, timeoutMs: 12_000 });
    expect(JSON.stringify(body)).not.toMatch(/a-secret-that-is-never-shown|TEST_GITHUB/);
  });
});

describe('the door', () => {
  it('has an OpenAPI page that names each route', async () => {
    expect((await rig.get<string>('/api/docs')).body).toContain('Stellwerk API');
    const { body } = await rig.get<{ paths: Record<string, object>; components: { schemas: Record<string, object> } }>('/api/docs-json');
    expect(Object.keys(body.components.schemas)).toEqual(expect.arrayContaining(['RunView', 'StepView', 'AttemptView', 'ResolveBody']));
    expect(Object.keys(body.components.schemas)).not.toContain('ReceivedMessage');
    expect(Object.keys(body.paths).sort()).toEqual([
      '/api/approvals', '/api/approvals/{id}',
      '/api/backtest', '/api/config', '/api/connections', '/api/connections/{name}/check', '/api/connections/{name}/setup', '/api/dead-letters', '/api/dead-letters/purge', '/api/dead-letters/replay', '/api/dead-letters/{id}', '/api/dead-letters/{id}/purge',
      '/api/dead-letters/{id}/replay', '/api/events', '/api/events/{id}/explain', '/api/flows', '/api/flows/{name}/revisions', '/api/flows/{name}/runs', '/api/hooks/replay', '/api/lint', '/api/metrics/dora', '/api/replays', '/api/replays/{number}', '/api/replays/{number}/stop',
      '/api/runs', '/api/runs/stream', '/api/runs/{id}', '/api/runs/{id}/cancel', '/api/runs/{id}/retry', '/api/runs/{id}/rollback', '/api/runs/{id}/steps/{name}/resolve', '/api/test',
    ]);
  });
  it('does not answer to a foreign name', async () => {
    // `fetch` sets the Host header by itself.
    const status = await new Promise<number | undefined>((resolve, reject) => {
      get(`${rig.url}/api/runs`, { headers: { host: 'evil.example' } }, (answer) => { answer.resume(); resolve(answer.statusCode); }).on('error', reject);
    });
    expect(status).toBe(403);
  });
  it('takes no NUL in an address, which no database would', async () => {
    for (const path of ['/api/runs?flow=a%00', '/api/runs/a%00', '/api/events?branch=%00', '/api/metrics/dora?environment=%00']) {
      expect([path, await rig.get(path)]).toMatchObject([path, { status: 400, type: expect.stringContaining('application/problem+json'), body: { status: 400, detail: expect.stringContaining('%00') } }]);
    }
  });

  it('says a strict content security policy, and that an unknown address is a 404 problem', async () => {
    const response = await fetch(`${rig.url}/api/unknown`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'/);
    await response.body?.cancel();
  });
  it('counts open runs and the lag behind events', async () => {
    await rig.publishRun('run.succeeded', next(newRun(), 'succeeded'));
    const text = await rig.metrics.registry.metrics();
    expect(text).toMatch(/stellwerk_status_event_lag_seconds_count \d+/);
    expect(text).toMatch(/stellwerk_status_messages_total\{type="runstatus.running"\} \d+/);
  });
});
