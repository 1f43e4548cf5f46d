import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Held, Refused, type FollowedRun, type PolledEvent, type StartedRun } from '@stellwerk/connector-kit';
import { actionCall, type CallOptions } from '@stellwerk/connector-kit/conformance';
import { hookPlatforms } from '@stellwerk/platforms';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, USER, startRealPrefect, type RealPrefect } from '../../spec/real/real-prefect.js';
import { pollContext } from '../poll-context.js';
import { PrefectAdapter } from './prefect.adapter.js';

const BIN = process.env.REAL_PREFECT;
const adapter = new PrefectAdapter();
const action = adapter.actions[0]!;
let prefect: RealPrefect;
let n = 0;

const call = (values: Record<string, unknown>, options: Partial<CallOptions> = {}) =>
  actionCall(adapter, { url: prefect.url, action: 'run-deployment', token: PASSWORD, user: USER, with: { deployment: 'etl/nightly', ...values }, commandId: `9b1c1f7e-0000-8000-8000-000000000000:step:run:${(n += 1)}`,
    settings: { limits: { concurrency: 4, timeoutMs: 30_000 } }, ...options });

/** Its SQLite answers 503 while another writes: sent again, as the kit does with what is repeatable. */
const patiently = <T>(what: string, work: () => Promise<T>): Promise<T> => waitFor(async () => ({ done: await work() }), { what, timeoutMs: 60_000, everyMs: 500 }).then(({ done }) => done);

const start = async (of: ReturnType<typeof call>): Promise<StartedRun> => {
  const sent = await patiently('a flow run', () => action.send(of));
  expect(sent).toMatchObject({ kind: 'accepted', run: { repository: 'etl/nightly', pipeline: 'etl', attempt: 1 } });
  return (sent as { run: StartedRun }).run;
};

/** Polls until the run has that end. */
const ended = (of: ReturnType<typeof call>, run: StartedRun): Promise<PolledEvent> => {
  const followed: FollowedRun = { commandId: of.commandId, runKey: 'key', repository: run.repository, runId: run.id, attempt: 1, createdAt: new Date() };
  return waitFor(async () => {
    const [polled] = await adapter.poll(of.calls, run.repository, [followed], () => undefined);
    return polled?.events.find(({ type }) => type === 'pipelinerun.finished');
  }, { what: `the end of ${run.id}`, timeoutMs: 90_000, everyMs: 500 });
};

describe.skipIf(BIN === undefined)('a real Prefect server', () => {
  beforeAll(async () => {
    prefect = await startRealPrefect(BIN!);
  });
  afterAll(async () => prefect?.stop());

  it('runs a deployment once, however often it is ordered, and tells its end', async () => {
    const of = call({ parameters: { day: 2 }, tags: ['stellwerk'], name: 'named-by-us' });
    const run = await start(of);
    expect(await start(of)).toEqual(run);
    expect(await action.lookUp!(of)).toEqual({ kind: 'found', run });
    expect(await action.lookUp!(call({}))).toEqual({ kind: 'absent' });
    expect(await ended(of, run)).toMatchObject({ subject: run.id, data: { outcome: 'success', title: 'named-by-us', correlation: of.commandId, repository: 'etl/nightly' } });
  });

  it('tells a flow that fails as failed', async () => {
    const of = call({ parameters: { fail: true } });
    expect((await ended(of, await start(of))).data).toMatchObject({ outcome: 'failure', raw: { state: 'FAILED' } });
  });

  it('cancels a run, be it waiting or at work', async () => {
    const of = call({ parameters: { seconds: 600 } });
    const run = await start(of);
    await patiently('a cancel', () => adapter.cancel(of.calls, { runId: run.id }));
    expect((await ended(of, run)).data).toMatchObject({ outcome: 'cancelled' });
    await patiently('a cancel of what has ended', () => adapter.cancel(of.calls, { runId: run.id }));
  });

  it('knows the deployment by its id as well, and the runs that a person names', async () => {
    const { id } = await patiently('the deployment', async () => (await prefect.api('GET', '/deployments/name/etl/nightly')).body as { id: string });
    const run = await start(call({ deployment: id }));
    const { calls } = call({});
    expect(await adapter.describe(calls, { repository: 'etl/nightly' }, run.id)).toEqual(run);
    for (const other of ['99999999', '3fa85f64-5717-4562-b3fc-2c963f66afa6']) expect(await adapter.describe(calls, { repository: 'etl/nightly' }, other)).toBeUndefined();
  });

  it('refuses with its reason: a parameter, a deployment, a password', async () => {
    await expect(action.send(call({ parameters: { day: 'monday' } }))).rejects.toThrow(/not of type 'integer'/);
    await expect(action.send(call({ deployment: 'etl/never' }))).rejects.toThrow(Refused);
    const error = await action.send(call({}, { token: 'wrong' })).catch((thrown: Error) => thrown);
    expect((error as Error & { cause?: unknown }).cause ?? error).toBeInstanceOf(Held);
  });

  it('tells of a run by the automation of the how-to, the same fact as the poll', async () => {
    const told: { headers: IncomingMessage['headers']; body: string }[] = [];
    const receiver = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text) => void (body += text)).on('end', () => {
        told.push({ headers: request.headers, body });
        response.writeHead(202).end('{}');
      });
    });
    await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve));
    await automate(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks/prefect`);
    const of = call({});
    const run = await start(of);
    const polled = await ended(of, run);
    const hook = await waitFor(() => told.find(({ body }) => body.includes(run.id)), { what: 'the hook', timeoutMs: 60_000 });
    receiver.close();
    const { verify, translate } = hookPlatforms.prefect!;
    const headers = hook.headers as Record<string, string>;
    expect(headers['content-type']).toBe('application/json');
    expect(verify({ headers, body: Buffer.from(hook.body), query: {} }, { secrets: [], tokens: ['hook-token'] }, new Date())).toBe(true);
    const [event] = translate(JSON.parse(hook.body), { ...pollContext(of.connection), hookId: 'c:1', headers: {} }).events;
    expect(event).toMatchObject({ fact: polled.fact, data: { outcome: 'success', correlation: of.commandId, repository: 'etl/nightly' } });
  });
});

/** The template of docs/how-to/connect-prefect.md. */
const payload = async (): Promise<string> => {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(new URL('../../../../docs/how-to/connect-prefect.md', import.meta.url), 'utf8');
  return /```jinja\n(.*?)```/s.exec(text)![1]!;
};

const made = (path: string, body: unknown): Promise<{ id: string }> => waitFor(async () => {
  const answer = await prefect.api('POST', path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as { id: string };
}, { what: path, timeoutMs: 30_000, everyMs: 500 });

const automate = async (url: string): Promise<void> => {
  const { body: types } = await prefect.api('GET', '/block_types/slug/webhook');
  const type = (types as { id: string }).id;
  const { body: schemas } = await prefect.api('POST', '/block_schemas/filter', { block_schemas: { block_type_id: { any_: [type] } } });
  const block = await made('/block_documents/', {
    name: 'stellwerk', block_type_id: type, block_schema_id: (schemas as { id: string }[])[0]!.id,
    data: { method: 'POST', url, headers: { Authorization: 'Bearer hook-token', 'Content-Type': 'application/json' } },
  });
  await made('/automations/', {
    name: 'stellwerk', enabled: true,
    trigger: { type: 'event', posture: 'Reactive', match: { 'prefect.resource.id': 'prefect.flow-run.*' }, for_each: ['prefect.resource.id'], expect: ['prefect.flow-run.Completed', 'prefect.flow-run.Failed'], threshold: 1, within: 0 },
    actions: [{ type: 'call-webhook', block_document_id: block.id, payload: (await payload()).replace(/^ {3}/gm, '') }],
  });
};
