import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { requestId, requestedRunId, type CloudEvent, type OrderReply, type RunRequested } from '@stellwerk/contracts';
import { startTestNats, tempDir, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStatus, type StatusRig } from '../../test/status-rig.js';

let nats: TestNats;
let rig: StatusRig;
/** Answers in the router's place. */
let router: NatsConnection;
let tokens: Awaited<ReturnType<typeof tempDir>>;

const entry = (name: string, role: string) => ({ name, role, sha256: createHash('sha256').update(`${name}-token`).digest('hex') });

beforeAll(async () => {
  [nats, tokens] = await Promise.all([startTestNats(), tempDir('tokens')]);
  await writeFile(join(tokens.path, 'tokens.json'), JSON.stringify([entry('vera', 'viewer'), entry('otto', 'operator'), entry('ada', 'operator')]));
  rig = await startStatus(nats.url, await testDatabaseUrl(), { STELLWERK_TOKENS_FILE: join(tokens.path, 'tokens.json') });
  router = await connect({ servers: nats.url });
}, 120_000);

afterAll(async () => {
  await router?.close();
  await rig?.stop();
  await Promise.all([nats?.stop(), tokens?.remove()]);
});

const post = async (path: string, body: unknown = {}, headers: Record<string, string> = {}, person = 'otto') => {
  const response = await fetch(`${rig.url}${path}`, {
    method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', authorization: `Bearer ${person}-token`, ...headers },
  });
  return { status: response.status, location: response.headers.get('location'), body: (await response.json()) as Record<string, any> };
};

const start = (body: unknown, key?: string, person?: string) => post('/api/flows/by-hand/runs', body, key === undefined ? {} : { 'idempotency-key': key }, person);

/** All orders to start that reached the stream. */
const requested = async (): Promise<CloudEvent<RunRequested>[]> => {
  const manager = await jetstreamManager(router);
  const { state } = await manager.streams.info('EVENTS', { subjects_filter: 'events.status.run.requested' });
  const messages = await Promise.all(Array.from({ length: state.messages }, (_, at) => manager.streams.getMessage('EVENTS', { seq: state.first_seq + at })));
  return messages.filter((message) => message?.subject === 'events.status.run.requested').map((message) => message!.json<CloudEvent<RunRequested>>());
};

const audited = (action: string) => rig.database.query('SELECT person, target, detail FROM audit_log WHERE action = $1 ORDER BY id', [action]);

describe('a flow that a person starts', () => {
  it('is told to the router as an event; the answer says which run it will be, and where to look', async () => {
    const { status, location, body } = await start({ inputs: { version: 'v7', dry: true } });
    expect([status, location]).toEqual([202, `/api/runs/${body.id}`]);
    expect(body).toEqual({ id: expect.any(String), detail: 'the run is about to start', duplicate: false, links: { run: `/api/runs/${body.id}`, page: expect.stringMatching(new RegExp(`^http.*/runs/${body.id}$`)) } });
    const event = await waitFor(async () => (await requested()).find(({ data }) => data.run === body.id), { what: 'the event' });
    expect(event).toMatchObject({ type: 'dev.stellwerk.run.requested.v1', subject: body.id, data: { flow: 'by-hand', inputs: { version: 'v7', dry: true }, by: 'otto' } });
    expect(requestedRunId('by-hand', event.fact)).toBe(body.id);
    expect(await audited('flow.run')).toEqual([{ person: 'otto', target: 'by-hand', detail: { run: body.id, inputs: { version: 'v7', dry: true } } }]);
  });

  it('is one run for each key, whoever brings it how often, and another for another', async () => {
    const first = await start({ inputs: { version: 'v8' } }, 'release-8');
    expect(first.body.id).toBe(requestedRunId('by-hand', requestId('by-hand', 'release-8')));
    const again = await Promise.all([...Array.from({ length: 5 }, () => start({ inputs: { version: 'v8' } }, 'release-8')), start({ inputs: { version: 'v8' } }, 'release-8', 'ada')]);
    for (const { status, body } of again) expect([status, body.id, body.duplicate]).toEqual([202, first.body.id, true]);
    const racing = await Promise.all(Array.from({ length: 6 }, () => start({ inputs: { version: 'v9' } }, 'release-9')));
    expect(racing.filter(({ body }) => body.duplicate === false)).toHaveLength(1);
    expect(new Set(racing.map(({ body }) => body.id)).size).toBe(1);
    await waitFor(async () => (await requested()).some(({ data }) => data.key === 'release-9'), { what: 'the second event' });
    expect((await requested()).map(({ data }) => data.key).filter((key) => key?.startsWith('release'))).toEqual(['release-8', 'release-9']);
    const [one, other] = await Promise.all([start({ inputs: { version: 'v8' } }), start({ inputs: { version: 'v8' } })]);
    expect(one.body.id).not.toBe(other.body.id);
  });

  it('is refused to a key that came with other inputs', async () => {
    expect(await start({ inputs: { version: 'v10' } }, 'release-8')).toMatchObject({ status: 422, body: { detail: expect.stringContaining('with other inputs') } });
    expect(await start({ inputs: { version: 'v8' } }, 'two words')).toMatchObject({ status: 400, body: { errors: [{ parameter: 'Idempotency-Key' }] } });
  });

  it('is refused with everything that is wrong with its inputs', async () => {
    expect(await start({ inputs: { verison: 'v1', count: '3' } })).toMatchObject({ status: 422, body: { status: 422, errors: [
      { parameter: 'inputs.verison', detail: 'there is no input "verison"; there are version, count, dry' },
      { parameter: 'inputs.version', detail: 'input "version" is missing: expected text' },
      { parameter: 'inputs.count', detail: 'input "count" must be a number, got "3"' },
    ] } });
    expect(await post('/api/flows/release/runs', { inputs: { a: 1 } })).toMatchObject({ status: 422, body: { detail: 'there is no input "a"; the flow has none' } });
    expect(await start({ version: 'v1' })).toMatchObject({ status: 400, body: { detail: 'version is not known; expected inputs' } });
    expect(await start({ inputs: ['v1'] })).toMatchObject({ status: 400 });
  });

  it('may be any flow, one that is not there is 404, and who may only look may not start it', async () => {
    expect((await post('/api/flows/release/runs')).status).toBe(202);
    for (const name of ['nobody', 'constructor']) expect(await post(`/api/flows/${name}/runs`)).toMatchObject({ status: 404, body: { detail: `There is no flow "${name}".` } });
    expect((await start({ inputs: { version: 'v1' } }, undefined, 'vera')).status).toBe(403);
  });

  it('says which inputs it wants', async () => {
    const { body } = await rig.get<{ items: { name: string; inputs: unknown[] }[] }>('/api/flows', { authorization: 'Bearer vera-token' });
    expect(body.items.find(({ name }) => name === 'by-hand')!.inputs[0]).toEqual({ name: 'version', type: 'text', required: true, default: null, description: 'What is deployed' });
  });

  it('is taken while the broker is away, and told when it is back', async () => {
    await nats.kill();
    const { status, body } = await start({ inputs: { version: 'v11' } }, 'release-11');
    expect(status).toBe(202);
    await nats.restart();
    const event = await waitFor(async () => (await requested()).find(({ data }) => data.run === body.id), { what: 'the event', timeoutMs: 60_000 });
    expect(event.data.inputs).toEqual({ version: 'v11' });
    expect(await jetstream(router).jetstreamManager().then((manager) => manager.streams.info('EVENTS'))).toBeDefined();
  }, 120_000);
});

describe('retry and rollback', () => {
  const answered = async <T>(pattern: string, reply: OrderReply, work: () => Promise<T>): Promise<{ result: T; asked: unknown[] }> => {
    const asked: unknown[] = [];
    const subscription = router.subscribe(pattern, { callback: (_error, message) => {
      const { id, data } = message.json<{ id: string; data: unknown }>();
      asked.push(data);
      message.respond(JSON.stringify({ id, response: reply, isDisposed: true }));
    } });
    await router.flush();
    const result = await work();
    subscription.unsubscribe();
    return { result, asked };
  };

  it('go to the router with the person\'s name, into the audit log, and need an operator', async () => {
    const refusal = { ok: false, status: 409, detail: 'the run has succeeded: there is nothing to retry' };
    const retried = await answered('router.retry', refusal, () => post('/api/runs/r1/retry'));
    expect([retried.result.status, retried.result.body.detail, retried.asked]).toEqual([409, refusal.detail, [{ run: 'r1', by: 'otto' }]]);
    const ordered = await answered('router.rollback', { ok: true, status: 202, detail: 'the run is rolling-back' }, () => post('/api/runs/r1/rollback', {}, {}, 'ada'));
    expect([ordered.result.status, ordered.result.body, ordered.asked]).toEqual([202, { detail: 'the run is rolling-back' }, [{ run: 'r1', by: 'ada', dryRun: false }]]);
    expect(await audited('run.rollback')).toEqual([{ person: 'ada', target: 'r1', detail: { run: 'r1', dryRun: false } }]);
    for (const what of ['retry', 'rollback']) expect((await post(`/api/runs/r1/${what}`, {}, {}, 'vera')).status).toBe(403);
  });

  it('a dry run gives the plan, with 200, and is no order; a misspelt one is refused instead of carried out', async () => {
    const plan = { cancels: ['scan'], steps: [{ step: 'deploy', undo: true, uses: 'github/dispatch-workflow', with: { ref: 'main' } }] };
    const { result, asked } = await answered('router.rollback', { ok: true, status: 200, detail: 'the run is running', plan }, () => post('/api/runs/r2/rollback', { dryRun: true }));
    expect([result.status, result.body, asked]).toEqual([200, { detail: 'the run is running', plan }, [{ run: 'r2', by: 'otto', dryRun: true }]]);
    for (const body of [{ 'dry-run': true }, { dryRun: 'yes' }, [true]]) {
      expect((await answered('router.rollback', { ok: true, status: 202, detail: '' }, () => post('/api/runs/r2/rollback', body)))).toMatchObject({ result: { status: 400 }, asked: [] });
    }
    // Asking is reading; whoever may only do that orders nothing by it.
    const read = await answered('router.rollback', { ok: true, status: 200, detail: '', plan }, () => post('/api/runs/r2/rollback', { dryRun: true }, {}, 'vera'));
    expect([read.result.status, read.result.body['plan'], read.asked]).toEqual([200, plan, [{ run: 'r2', by: 'vera', dryRun: true }]]);
    for (const [body, status] of [[{}, 403], [{ dryRun: false }, 403], [{ 'dry-run': true }, 400]] as const) {
      expect((await answered('router.rollback', { ok: true, status: 202, detail: '' }, () => post('/api/runs/r2/rollback', body, {}, 'vera')))).toMatchObject({ result: { status }, asked: [] });
    }
    expect(await rig.database.query("SELECT 1 FROM audit_log WHERE target = 'r2'")).toEqual([]);
  });
});
