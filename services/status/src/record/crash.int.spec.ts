import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { requestedRunId, requestId, subjects, type RunSnapshot } from '@stellwerk/contracts';
import { connectNats } from '@stellwerk/messaging';
import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRun, next } from '../../test/runs.js';
import { spawnStatus, type StatusProcess } from '../../test/status-process.js';
import { prepareStatus, runEvent, told } from '../../test/status-rig.js';

let nats: TestNats;
let connection: NatsConnection;
let prepared: Awaited<ReturnType<typeof prepareStatus>>;

beforeAll(async () => {
  nats = await startTestNats();
  prepared = await prepareStatus(nats.url, await testDatabaseUrl());
  connection = await connectNats('status-crash', nats.url);
}, 180_000);

afterAll(async () => {
  await connection?.close();
  await nats?.stop();
  await prepared?.remove();
});

const publish = async (type: string, run: RunSnapshot): Promise<void> => {
  const event = runEvent(type, run);
  await jetstream(connection).publish(subjects.event('router', type), JSON.stringify(event), { msgID: event.id });
};

describe('a status service', () => {
  it('killed after its commit tells each transition once all the same', async () => {
    const run = newRun();
    const dying = spawnStatus({ ...prepared.env, FAILPOINT: 'status.after-commit' });
    await publish('run.started', run);
    const { signal } = await dying.exited;
    expect(signal, dying.output()).toBe('SIGKILL');
    const living = spawnStatus(prepared.env);
    await publish('run.succeeded', next(run, 'succeeded'));
    const messages = await waitFor(async () => {
      const all = (await told(nats.url)).filter(({ subject }) => subject.startsWith('status.run.'));
      return all.some(({ subject }) => subject.endsWith('.succeeded')) && all;
    }, { what: 'the end of the run', timeoutMs: 70_000 });
    expect(messages.map(({ subject }) => subject)).toEqual(['status.run.release.running', 'status.run.release.succeeded']);
    expect((await living.stop()).code).toBe(0);
  }, 120_000);

  it('killed after it wrote down an order to start a flow starts it all the same, once, whoever repeats the order', async () => {
    const order = async (status: StatusProcess): Promise<unknown> => {
      const [{ doorPort }] = (await status.started) as [{ doorPort: number }];
      const response = await fetch(`http://127.0.0.1:${doorPort}/api/flows/by-hand/runs`, {
        method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': 'release-7' }, body: JSON.stringify({ inputs: { version: 'v7' } }),
      });
      return response.json();
    };
    const dying = spawnStatus({ ...prepared.env, FAILPOINT: 'status.start-committed' });
    await expect(order(dying)).rejects.toThrow('fetch failed');
    expect((await dying.exited).signal, dying.output()).toBe('SIGKILL');
    const living = spawnStatus(prepared.env);
    expect(await order(living)).toMatchObject({ id: requestedRunId('by-hand', requestId('by-hand', 'release-7')), duplicate: true });
    const manager = await jetstreamManager(connection);
    const requested = async (): Promise<number> => (await manager.streams.info('EVENTS', { subjects_filter: '>' })).state.subjects?.['events.status.run.requested'] ?? 0;
    await waitFor(async () => (await requested()) > 0, { what: 'the event of the order', timeoutMs: 70_000 });
    expect(await order(living)).toMatchObject({ duplicate: true });
    expect(await requested()).toBe(1);
    expect((await living.stop()).code).toBe(0);
  }, 120_000);

  it.each([
    ['a door for others without tokens', { HOST: '0.0.0.0' }, 'STELLWERK_TOKENS_FILE is not set'],
    ['tokens that are not there', { STELLWERK_TOKENS_FILE: '/nowhere.yaml' }, 'STELLWERK_TOKENS_FILE /nowhere.yaml'],
    ['an address that is none', { STELLWERK_PUBLIC_URL: 'stellwerk' }, 'STELLWERK_PUBLIC_URL is "stellwerk": expected an http or https URL'],
    ['a timeline shorter than the streams', { STATUS_EVENTS_DAYS: '3' }, 'STATUS_EVENTS_DAYS is "3": expected a whole number from 14'],
  ])('refuses to start with %s, and says why', async (_name, env, reason) => {
    const refused = spawnStatus({ ...prepared.env, ...env });
    expect(await refused.exited).toEqual({ code: 2, signal: null });
    expect(refused.output()).toContain(reason);
  }, 120_000);
});
