import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import {
  cloudEvent, subjects, type Approval, type ApprovalChanged, type JoinMissing, type RunSnapshot, type RunState, type RunStatus,
} from '@stellwerk/contracts';
import { runMigrations } from '@stellwerk/database';
import { connectNats, declareTopology } from '@stellwerk/messaging';
import { startChatSimulator } from '@stellwerk/simulators';
import { startTestNats, tempDir, testDatabaseUrl, waitFor } from '@stellwerk/testing';
import pg from 'pg';
import { migrations } from '../migrations/index.js';
import { RESOURCES } from './resources.js';

const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** It is in one channel of two. */
const BOT = { token: 'xoxb-1-2-secret', channels: [{ id: 'C0RELEASES', name: 'releases' }, { id: 'C0SECRET', name: 'secret', member: false }] };

interface DeliveryRow {
  channel: string;
  state: string;
  attempts: number;
  reason: string | null;
}

let runs = 0;

/** A run of the flow as status tells it. */
export const toldRun = (flowName: string, state: RunState, some: Partial<RunSnapshot> = {}): RunSnapshot => ({
  id: `run-${process.pid}-${String(runs++).padStart(4, '0')}`, flow: flowName, revision: 'a', state, attempt: 1, version: 9,
  event: { id: 'e', type: 'pipelinerun.finished', connection: 'github', repository: 'acme/shop', branch: 'main', sha: '0123456789abcdef0123456789abcdef01234567', actor: 'alice' },
  steps: [{
    name: 'deploy', state: state === 'failed' ? 'failed' : 'succeeded', needs: [], reason: state === 'failed' ? 'exit 1' : undefined,
    attempts: [{ number: 1, state: 'failed', command: 'c', connection: 'github', run: { id: '7', url: 'https://github.com/acme/shop/actions/runs/7' } }],
  }],
  createdAt: '2026-01-01T00:00:00.000Z', startedAt: '2026-01-01T00:00:01.000Z', finishedAt: '2026-01-01T00:00:13.000Z', ...some,
});

/** What the notifier lives in: a real NATS and Postgres, and the chats, simulated; `more`: other resources, and what they name. */
export const prepareWorld = async (more: { resources?: string; env?: Record<string, string> } = {}) => {
  const nats = await startTestNats();
  const databaseUrl = await testDatabaseUrl();
  const dir = await tempDir('notifier');
  const config = await tempDir('notifier-config');
  await writeFile(join(config.path, 'resources.yaml'), more.resources ?? RESOURCES);
  const chat = await startChatSimulator({ journalFile: join(dir.path, 'chat.jsonl'), slackToken: 'slack-token', discordToken: 'discord-token', webhookSecret: WEBHOOK_SECRET, slackBot: BOT });
  const connection = await connectNats('notifier-world', nats.url);
  await declareTopology(connection);
  await runMigrations('notifier', migrations, databaseUrl);
  const database = new pg.Pool({ connectionString: databaseUrl, options: '-c search_path=notifier' });
  const env = {
    NATS_URL: nats.url, DATABASE_URL: databaseUrl, STELLWERK_CONFIG: config.path, TEST_TOKEN: 'token', TEST_SLACK: chat.slackUrl,
    TEST_DISCORD: chat.discordUrl, TEST_HOOK: chat.webhookUrl, TEST_HOOK_SECRET: WEBHOOK_SECRET,
    TEST_BOT: BOT.token, NOTIFIER_SLACK_API_URL: chat.slackApiUrl, ...more.env,
  };

  /** Tells that the run entered its state; `again` repeats it under another message id, so that the broker does not drop it. */
  const tell = async (run: RunSnapshot, { again = 0, ...some }: Partial<RunStatus> & { again?: number } = {}): Promise<void> => {
    const event = cloudEvent<RunStatus>({
      id: `${run.id}:${run.version}:status.${run.state}`, source: '/services/status', type: `runstatus.${run.state}`, subject: run.id,
      time: new Date(run.finishedAt ?? run.createdAt), correlationId: run.id, causationId: 'c', data: { run, recovered: false, ...some },
    });
    await jetstream(connection).publish(subjects.runStatus(run.flow, run.state), JSON.stringify(event), { headers: headers(), msgID: `${event.id}:${again}` });
  };

  /** A step of the run asks people, whoever tells it how often. */
  const ask = async (run: RunSnapshot, { again = 0 } = {}): Promise<void> => {
    const approval: Approval = {
      id: `${run.id}:deploy:approval:1`, run: run.id, flow: run.flow, step: 'deploy', state: 'requested', by: ['alice'], count: 1, notAuthor: false, votes: [],
      requestedAt: run.createdAt, version: 1,
    };
    const event = cloudEvent<ApprovalChanged>({
      id: `${approval.id}:1:status.requested`, source: '/services/status', type: 'approvalstatus.requested', subject: approval.id,
      time: new Date(run.createdAt), correlationId: run.id, causationId: 'c', data: { approval, run },
    });
    await jetstream(connection).publish(subjects.approvalStatus(run.flow, 'requested'), JSON.stringify(event), { headers: headers(), msgID: `${event.id}:${again}` });
  };

  /** As `tell`, of a join that started no run. */
  const tellMissing = async (data: JoinMissing, again = 0): Promise<void> => {
    const event = cloudEvent({
      id: `${data.join}:${data.endedAt}:missing:status`, source: '/services/status', type: 'joinstatus.missing', subject: data.join, time: new Date(data.endedAt),
      correlationId: data.join, causationId: 'c', data,
    });
    await jetstream(connection).publish(subjects.joinStatus(data.flow, 'missing'), JSON.stringify(event), { headers: headers(), msgID: `${event.id}:${again}` });
  };

  const rows = async (run: string): Promise<DeliveryRow[]> =>
    (await database.query<DeliveryRow>('SELECT channel, state, attempts, reason FROM deliveries WHERE run = $1 ORDER BY seq', [run])).rows;

  /** What came of each message of the run, by what it tells; lines of a thread end with `thread`. */
  const outcomes = async (run: string): Promise<Record<string, string>> => Object.fromEntries(
    (await database.query<{ transition: string; state: string }>('SELECT transition, state FROM deliveries WHERE run = $1 ORDER BY seq', [run])).rows.map(({ transition, state }) => [transition, state]));

  const settled = (run: string, count: number): Promise<DeliveryRow[]> => waitFor(async () => {
    const found = await rows(run);
    return found.length >= count && found.every(({ state }) => state !== 'pending' && state !== 'sending') && found;
  }, { what: `${count} deliveries of ${run}`, timeoutMs: 20_000 });

  /** What the chats took of this run. */
  const messagesOf = (run: string, at?: string) =>
    chat.messages().filter(({ channel, body }) => JSON.stringify(body).includes(run) && (at === undefined || channel === at));

  /** The first try of its only message is over, and it waits for the next. */
  const settledOnce = (run: string): Promise<DeliveryRow> => waitFor(async () => {
    const [row] = await rows(run);
    return row?.state === 'pending' && row.attempts === 1 && row;
  }, { what: `the first try of ${run}` });

  /** A delivery that waits for its next try goes on now. */
  const hurry = (run: string): Promise<true> => waitFor(async () => {
    const { rowCount } = await database.query("UPDATE deliveries SET next_attempt_at = now() WHERE run = $1 AND state = 'pending' AND attempts > 0", [run]);
    return rowCount === 1 || undefined;
  }, { what: `the wait of ${run}` });

  /** The time of what is gathered for the channel is over now. */
  const closeDigest = async (channel: string): Promise<void> => {
    const { rowCount } = await database.query("UPDATE deliveries SET next_attempt_at = now() WHERE channel = $1 AND state = 'gathering'", [channel]);
    if (rowCount !== 1) throw new Error(`expected one open digest of ${channel}, there are ${rowCount}`);
  };

  const stop = async (): Promise<void> => {
    await database.end();
    await connection.close();
    await Promise.all([chat.close(), nats.stop()]);
    await Promise.all([dir.remove(), config.remove()]);
  };

  return { env, chat, database, tell, ask, tellMissing, rows, outcomes, settled, settledOnce, messagesOf, hurry, closeDigest, stop };
};

export type NotifierWorld = Awaited<ReturnType<typeof prepareWorld>>;
