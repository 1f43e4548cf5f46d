import { Held, Refused, type FollowedRun, type PolledEvent, type StartedRun } from '@stellwerk/connector-kit';
import { actionCall, type CallOptions } from '@stellwerk/connector-kit/conformance';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRealN8n, type RealN8n } from '../../spec/real/real-n8n.js';
import { N8nAdapter } from './n8n.adapter.js';

const BIN = process.env.REAL_N8N;
const adapter = new N8nAdapter();
const action = adapter.actions[0]!;
const REF = { env: 'KEY' };
let n8n: RealN8n;
let n = 0;

const call = (body: object, options: Partial<CallOptions> = {}) =>
  actionCall(adapter, { url: n8n.url, action: 'run-webhook', token: n8n.key, auth: { token: REF, webhook: { token: REF, header: 'X-Hook-Key' } }, with: { path: 'announce', body }, commandId: `9b1c1f7e-0000-8000-8000-000000000000:step:run:${(n += 1)}`,
    settings: { limits: { concurrency: 4, timeoutMs: 30_000 } }, ...options });

const start = async (of: ReturnType<typeof call>): Promise<StartedRun> => {
  const sent = await action.send(of);
  expect(sent).toMatchObject({ kind: 'accepted', handle: expect.stringMatching(/^\d+$/) });
  const looked = await action.resolve!(of, (sent as { handle: string }).handle);
  expect(looked).toMatchObject({ kind: 'found', run: { repository: n8n.workflow, attempt: 1 } });
  return (looked as { run: StartedRun }).run;
};

/** Polls until the execution has that end. */
const ended = (of: ReturnType<typeof call>, run: StartedRun): Promise<PolledEvent> => {
  const followed: FollowedRun = { commandId: of.commandId, runKey: 'key', repository: run.repository, runId: run.id, attempt: 1, createdAt: new Date() };
  return waitFor(async () => {
    const [polled] = await adapter.poll(of.calls, run.repository, [followed], () => undefined);
    return polled?.events.find(({ type }) => type === 'pipelinerun.finished');
  }, { what: `the end of ${run.id}`, timeoutMs: 90_000, everyMs: 500 });
};

describe.skipIf(BIN === undefined)('a real n8n server', () => {
  beforeAll(async () => {
    n8n = await startRealN8n(BIN!);
  });
  afterAll(async () => n8n?.stop());

  it('runs a workflow by its webhook, names its execution and tells its end', async () => {
    const of = call({ seconds: 1 });
    const run = await start(of);
    expect(run.url).toBe(`${n8n.url}/workflow/${n8n.workflow}/executions/${run.id}`);
    expect(await ended(of, run)).toMatchObject({ subject: run.id, data: { outcome: 'success', correlation: of.commandId, repository: n8n.workflow, run: { id: run.id } } });
  });

  it('tells an execution that fails as failed', async () => {
    const of = call({ seconds: 0.1, fail: 'yes' });
    expect((await ended(of, await start(of))).data).toMatchObject({ outcome: 'failure', raw: { status: 'error' } });
  });

  it('cancels an execution at work; a second time there is nothing to stop', async () => {
    const of = call({ seconds: 50 });
    const run = await start(of);
    await adapter.cancel(of.calls, { runId: run.id });
    expect((await ended(of, run)).data).toMatchObject({ outcome: 'cancelled' });
    await adapter.cancel(of.calls, { runId: run.id });
  });

  it('shows several executions by one list, and the one that a person names', async () => {
    const calls = [call({ seconds: 0.1 }), call({ seconds: 0.1 })];
    const runs = await Promise.all(calls.map(start));
    const followed = runs.map((run, index) => ({ commandId: calls[index]!.commandId, runKey: run.id, repository: run.repository, runId: run.id, attempt: 1, createdAt: new Date() }));
    const polled = await waitFor(async () => {
      const all = await adapter.poll(calls[0]!.calls, n8n.workflow, followed, () => undefined);
      return all.every(({ events }) => events.some(({ type }) => type === 'pipelinerun.finished')) && all;
    }, { what: 'both ends', timeoutMs: 60_000, everyMs: 500 });
    expect(polled.map(({ runKey }) => runKey).sort()).toEqual(runs.map(({ id }) => id).sort());
    expect(await adapter.describe(calls[0]!.calls, { repository: n8n.workflow }, runs[0]!.id)).toEqual(runs[0]);
    for (const other of ['99999999', 'no-number']) expect(await adapter.describe(calls[0]!.calls, { repository: n8n.workflow }, other)).toBeUndefined();
  });

  it('refuses with its reason: a path, the key of the webhook, the key of the API', async () => {
    await expect(action.send(call({}, { with: { path: 'never' } }))).rejects.toThrow(/not registered/);
    await expect(action.send(call({}, { token: 'wrong' }))).rejects.toThrow(Refused);
    const error = await adapter.describe(call({}, { token: 'wrong' }).calls, { repository: '' }, '1').catch((thrown: Error) => thrown);
    expect((error as Error & { cause?: unknown }).cause ?? error).toBeInstanceOf(Held);
  });
});
