import { appendFile } from 'node:fs/promises';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { ConnectionCheck } from '@stellwerk/contracts';
import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startStatus, type StatusRig } from '../../test/status-rig.js';
import type { ConnectionList, ConnectionView } from './connection.response.js';

let nats: TestNats;
let rig: StatusRig;
/** Answers in the connectors' place. */
let connector: NatsConnection;

beforeAll(async () => {
  nats = await startTestNats();
  rig = await startStatus(nats.url, await testDatabaseUrl());
  connector = await connect({ servers: nats.url });
});

afterAll(async () => {
  await connector?.close();
  await rig?.stop();
  await nats?.stop();
});

const post = async <T>(path: string, body: object = {}): Promise<{ status: number; body: T }> => {
  const response = await fetch(`${rig.url}/api/connections/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as T };
};

const answering = async (subject: string, response: unknown): Promise<{ asked: unknown[]; end(): void }> => {
  const asked: unknown[] = [];
  const subscription = connector.subscribe(subject, {
    callback: (_error, message) => {
      const { id, data } = message.json<{ id: string; data: unknown }>();
      asked.push(data);
      message.respond(JSON.stringify({ id, response, isDisposed: true }));
    },
  });
  await connector.flush();
  return { asked, end: () => subscription.unsubscribe() };
};

it('a check is made by the connector, kept, and shown with what is known here', async () => {
  const check: ConnectionCheck = {
    connection: 'github', checkedAt: '2026-11-24T12:00:00.000Z', findings: [{ about: 'acme/shop', level: 'fault', text: 'no webhook leads to us', remedy: 'set one up' }],
  };
  const answers = await answering('github-connector.check', check);
  const { status, body } = await post<ConnectionView>('github/check');
  answers.end();
  expect([status, answers.asked]).toEqual([200, [{ connection: 'github' }]]);
  expect(body.check).toMatchObject({ at: check.checkedAt, state: 'fault', findings: [{ about: 'last webhook', level: 'warning' }, { about: 'calls', level: 'unknown' }, check.findings[0]] });
  const { body: list } = await rig.get<ConnectionList>('/api/connections');
  expect(list.items.map(({ name, check: { at, state } }) => [name, at, state])).toEqual([['github', check.checkedAt, 'fault'], ['gitlab', null, 'unknown']]);
});

it('a set-up is passed on with the name of who ordered it, and is in the audit log unless it is dry', async () => {
  const changes = [{ place: 'acme/shop', action: 'create', lines: ['create a webhook'], done: true }];
  const answers = await answering('github-connector.set-up', { connection: 'github', changes });
  expect(await post('github/setup', { repositories: ['acme/shop'], dryRun: true })).toEqual({ status: 200, body: { changes } });
  expect(await rig.database.query('SELECT 1 AS one FROM audit_log')).toEqual([]);
  expect(await post('github/setup')).toEqual({ status: 200, body: { changes } });
  answers.end();
  expect(answers.asked).toEqual([{ connection: 'github', by: 'local', repositories: ['acme/shop'], dryRun: true }, { connection: 'github', by: 'local', dryRun: false }]);
  expect(await rig.database.query('SELECT person, action, target, detail FROM audit_log')).toEqual([{ person: 'local', action: 'connection.set-up', target: 'github', detail: { dryRun: false } }]);
});

it('is 503 while the connector is away or does not know the connection yet, 404 for none of ours, 400 for what is no order', async () => {
  expect(await post('gitlab/check')).toMatchObject({ status: 503, body: { detail: expect.stringContaining('gitlab-connector does not answer') } });
  const answers = await answering('gitlab-connector.check', null);
  expect(await post('gitlab/check')).toMatchObject({ status: 503, body: { detail: expect.stringContaining('does not know connection "gitlab" yet') } });
  answers.end();
  expect(await post('nobody/check')).toMatchObject({ status: 404, body: { detail: 'There is no connection "nobody"; there are github, gitlab.' } });
  expect(await post('github/setup', { repositories: [] })).toMatchObject({ status: 400 });
});

it('a connection without an address has none in the list', async () => {
  const bare = { kind: 'Connection', metadata: { name: 'events' }, spec: { platform: 'webhook' } };
  await appendFile(rig.configFile, `\n---\n${JSON.stringify(bare)}\n`);
  const listed = await waitFor(async () => (await rig.get<ConnectionList>('/api/connections')).body.items.find(({ name }) => name === 'events'), { what: 'the new connection' });
  expect(listed).toMatchObject({ url: null, hookPath: null });
});
