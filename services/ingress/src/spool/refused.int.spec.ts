import { jetstreamManager } from '@nats-io/jetstream';
import { connectNats } from '@stellwerk/messaging';
import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIngress, type IngressRig } from '../../spec/ingress-rig.js';
import { fromGithub, workflowRun } from '../../spec/signing.js';

let nats: TestNats;
let rig: IngressRig;
let database: pg.Client;

beforeAll(async () => {
  nats = await startTestNats();
  const url = await testDatabaseUrl();
  rig = await startIngress(nats.url, url);
  database = new pg.Client(url);
  await database.connect();
});

afterAll(async () => {
  await rig?.stop();
  await database?.end();
  await nats?.stop();
});

/** -1: of any size. */
const takeMessagesUpTo = async (bytes: number): Promise<void> => {
  const connection = await connectNats('test', nats.url);
  await (await jetstreamManager(connection)).streams.update('HOOKS', { max_msg_size: bytes });
  await connection.close();
};

const deliver = async (delivery: string, id: number): Promise<{ status: number; body: unknown }> => {
  const response = await rig.send(fromGithub('workflow_run', workflowRun({ id }), { delivery }));
  return { status: response.status, body: await response.json() };
};

const waiting = async (): Promise<string[]> => (await database.query<{ id: string }>('SELECT id FROM ingress.spool ORDER BY position')).rows.map(({ id }) => id);
const hookIds = async (): Promise<string[]> => (await rig.stored('HOOKS')).map(({ headers }) => headers['hook-id']!);

describe('a hook that the broker refuses for good', () => {
  it('is taken by Postgres all the same, and does not hold up those behind it', async () => {
    await takeMessagesUpTo(10);
    expect(await deliver('refused', 1)).toEqual({ status: 202, body: { id: 'github:refused', duplicate: false } });
    await waitFor(async () => (await database.query("SELECT 1 FROM ingress.spool WHERE retry_at > now()")).rowCount === 1, { what: 'a hook that is tried later' });
    await takeMessagesUpTo(-1);
    await database.query("INSERT INTO ingress.spool (id, subject, headers, body) SELECT 'github:behind', subject, headers || '{\"hook-id\": \"github:behind\"}', body FROM ingress.spool");
    await waitFor(async () => (await hookIds()).includes('github:behind'), { what: 'the hook behind it' });
    // Its row goes when the broker has it.
    await waitFor(async () => (await waiting()).join() === 'github:refused', { what: 'only the refused hook to be left' });
    await database.query('UPDATE ingress.spool SET retry_at = now()');
    await waitFor(async () => (await hookIds()).includes('github:refused'), { what: 'the hook that was refused' });
    await waitFor(async () => (await waiting()).length === 0, { what: 'an empty spool' });
    expect((await rig.events(2)).map(({ causationid }) => causationid).sort()).toEqual(['github:behind', 'github:refused']);
  });

  it('is taken also when its stream is gone, as nobody says that it is stored', async () => {
    const connection = await connectNats('test', nats.url);
    const streams = (await jetstreamManager(connection)).streams;
    const { config } = await streams.info('HOOKS');
    await streams.delete('HOOKS');
    expect(await deliver('no-stream', 2)).toEqual({ status: 202, body: { id: 'github:no-stream', duplicate: false } });
    expect(await waiting()).toEqual(['github:no-stream']);
    await streams.add(config);
    await connection.close();
    await waitFor(async () => (await hookIds()).includes('github:no-stream'), { what: 'the hook in the new stream' });
  });
});
