import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { subjects, type RunChanged, type RunSnapshot, type RunStatus, type StepStatus } from '@stellwerk/contracts';
import { connectNats } from '@stellwerk/messaging';
import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { life } from '../../test/runs.js';
import { spawnStatus, type StatusProcess } from '../../test/status-process.js';
import { prepareStatus, runEvent, told, type StatusMessageSeen } from '../../test/status-rig.js';

const RUNS = 40;

let nats: TestNats;
let connection: NatsConnection;
let database: pg.Pool;
let prepared: Awaited<ReturnType<typeof prepareStatus>>;
const replicas: StatusProcess[] = [];

beforeAll(async () => {
  nats = await startTestNats();
  const url = await testDatabaseUrl();
  prepared = await prepareStatus(nats.url, url);
  connection = await connectNats('status-replicas', nats.url);
  database = new pg.Pool({ connectionString: url, options: '-c search_path=status' });
  replicas.push(spawnStatus(prepared.env), spawnStatus(prepared.env));
  await Promise.all(replicas.map(({ started }) => started));
}, 180_000);

afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  await database?.end();
  await connection?.close();
  await nats?.stop();
  await prepared?.remove();
});

const publish = async ({ type, ...change }: RunChanged & { type: string }): Promise<void> => {
  const event = runEvent(type, change.run, change);
  await jetstream(connection).publish(subjects.event('router', type), JSON.stringify(event), { msgID: event.id });
};

type Told = StatusMessageSeen & { event: { data: RunStatus | StepStatus } };

const toldOf = async (runs: readonly RunSnapshot[], ends: string): Promise<Map<string, Told[]>> => {
  const ids = new Set(runs.map(({ id }) => id));
  const all = await waitFor(async () => {
    const found = ((await told(nats.url)) as Told[]).filter(({ event }) => ids.has(event.subject));
    return found.filter(({ subject }) => subject === `status.run.release.${ends}`).length === ids.size && found;
  }, { what: 'the ends of all runs', timeoutMs: 60_000 });
  return Map.groupBy(all, ({ event }) => event.subject);
};

const EXPECTED = [
  'step.triggering', 'run.running', 'step.running', 'step.failed', 'run.waiting', 'step.triggering', 'run.running', 'step.succeeded', 'run.succeeded',
];

const tails = (messages: readonly Told[]): string[] => messages.map(({ subject }) => subject.replace('release.', '').replace('status.', ''));

describe('two replicas on one database', () => {
  it('tell every state of every run once and in order, also those that lasted a moment', async () => {
    const lives = Array.from({ length: RUNS }, () => life());
    await Promise.all(lives.map(async (changes) => {
      for (const change of changes) await publish(change);
    }));
    const found = await toldOf(lives.map(([first]) => first!.run), 'succeeded');
    for (const messages of found.values()) {
      expect(tails(messages)).toEqual(EXPECTED);
      expect(messages.map(({ event }) => event.data.run.version)).toEqual([1, 1, 2, 3, 3, 4, 4, 5, 5]);
    }
    const { rows } = await database.query<{ versions: number[] }>('SELECT array_agg(DISTINCT version) AS versions FROM runs');
    expect(rows[0]!.versions).toEqual([5]);
  }, 180_000);

  it('also when versions come shuffled', async () => {
    const lives = Array.from({ length: RUNS }, () => life());
    await Promise.all(lives.flatMap((changes) => changes.toSorted(() => Math.random() - 0.5).map((change) => publish(change))));
    for (const messages of (await toldOf(lives.map(([first]) => first!.run), 'succeeded')).values()) expect(tails(messages)).toEqual(EXPECTED);
  }, 180_000);

  it('also when one is killed by SIGKILL in the middle; nothing is left untold', async () => {
    const lives = Array.from({ length: RUNS }, () => life());
    await Promise.all(lives.map(async (changes, place) => {
      for (const change of changes) {
        await publish(change);
        if (place === RUNS / 2 && change === changes[1]) await replicas[0]!.kill();
      }
    }));
    for (const messages of (await toldOf(lives.map(([first]) => first!.run), 'succeeded')).values()) expect(tails(messages)).toEqual(EXPECTED);
    await waitFor(async () => {
      const { rows } = await database.query('SELECT event FROM untold UNION ALL SELECT message_id FROM outbox');
      return rows.length === 0;
    }, { what: 'nothing untold' });
  }, 180_000);
});
