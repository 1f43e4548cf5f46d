import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Global, Module, type INestApplication, type LoggerService } from '@nestjs/common';
import type { NestMicroservice } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { cloudEvent, subjects, type RunSnapshot, type RunState, type RunStatus } from '@stellwerk/contracts';
import { Database, runMigrations } from '@stellwerk/database';
import { connectNats, declareTopology, eventMessage, Publisher } from '@stellwerk/messaging';
import { Metrics, Readiness, SERVICE_NAME, TRANSPORTS, type TransportOptions } from '@stellwerk/service-kit';
import { startChatSimulator, type RunningChatSimulator } from '@stellwerk/simulators';
import { tempDir, waitFor } from '@stellwerk/testing';
import { migrations } from '../migrations/index.js';

export const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const channel = (name: string, type: string, extra = ''): string => `
apiVersion: stellwerk.dev/v1
kind: Channel
metadata: { name: ${name} }
spec: { type: ${type}, url: { env: TEST_${name.toUpperCase()} }, network: { allow: [127.0.0.0/8] }${extra} }
---`;

const flow = (name: string, channels: string, on: string): string => `
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on: [{ event: pipelinerun.finished, from: github }]
  steps:
    deploy: { uses: github/dispatch-workflow, with: { repository: acme/shop, workflow: deploy.yml, ref: main } }
  notify: [${channels.split(' ').map((one) => `{ channel: ${one}, on: [${on}] }`).join(', ')}]
---`;

const RESOURCES = `
apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: github }
spec: { platform: github, url: https://api.github.com, auth: { token: { env: TEST_TOKEN } } }
---${channel('slack', 'slack')}${channel('discord', 'discord')}${channel('hook', 'webhook', ', secret: { env: TEST_HOOK_SECRET }')}
${flow('everywhere', 'slack discord hook', 'started, succeeded, failed, recovered, cancelled, rolled-back')}
${flow('to-slack', 'slack', 'failed')}${flow('to-discord', 'discord', 'failed, succeeded')}${flow('to-hook', 'hook', 'failed')}
`.replace(/---\s*$/, '');

export interface NotifierRig {
  chat: RunningChatSimulator;
  database: Database;
  metrics: Metrics;
  /** Tells that a run entered a state; `again` tells it under another message id, so that the broker does not drop it. */
  tell(run: RunSnapshot, some?: Partial<RunStatus> & { again?: number }): Promise<void>;
  /** What the chats took of this run, by channel. */
  messagesOf(run: string, channelName?: string): { channel: string; body: Record<string, unknown>; id?: string }[];
  rows(run: string): Promise<{ channel: string; state: string; attempts: number; reason: string | null }[]>;
  settled(run: string, count: number): Promise<{ channel: string; state: string; attempts: number; reason: string | null }[]>;
  stop(): Promise<void>;
}

const QUIET: LoggerService = { log: () => {}, warn: () => {}, error: () => {}, debug: () => {}, verbose: () => {}, fatal: () => {} };

/** What `startService` puts around a service, without its process. */
const boot = async (metrics: Metrics): Promise<INestApplication> => {
  // The module reads the environment as soon as it is loaded.
  const { NotifierModule } = await import('../src/notifier.module.js');
  const providers = [
    { provide: SERVICE_NAME, useValue: 'notifier' },
    { provide: Readiness, useValue: new Readiness() },
    { provide: Metrics, useValue: metrics },
  ];
  @Global()
  @Module({ providers, exports: [SERVICE_NAME, Readiness, Metrics] })
  class KitForTests {}
  const testing = await Test.createTestingModule({ imports: [KitForTests, NotifierModule] }).setLogger(QUIET).compile();
  const application = testing.createNestApplication(new FastifyAdapter());
  for (const { filters = [], ...options } of application.get<TransportOptions[]>(TRANSPORTS, { strict: false })) {
    const microservice = application.connectMicroservice(options as never, { deferInitialization: true }) as NestMicroservice;
    microservice.useGlobalFilters(...filters);
    microservice.setIsInitHookCalled(true);
  }
  await application.init();
  await application.startAllMicroservices();
  return application;
};

let count = 0;

export const endedRun = (flowName: string, state: RunState, some: Partial<RunSnapshot> = {}): RunSnapshot => ({
  id: `run-${process.pid}-${count++}`, flow: flowName, revision: 'a', state, attempt: 1, version: 9,
  event: { id: 'e', type: 'pipelinerun.finished', connection: 'github', repository: 'acme/shop', branch: 'main', sha: '0123456789abcdef0123456789abcdef01234567', actor: 'alice' },
  steps: [{ name: 'deploy', state: state === 'failed' ? 'failed' : 'succeeded', needs: [], reason: state === 'failed' ? 'exit 1' : undefined,
    attempts: [{ number: 1, state: 'failed', command: 'c', connection: 'github', run: { id: '7', url: 'https://github.com/acme/shop/actions/runs/7' } }] }],
  createdAt: '2026-01-01T00:00:00.000Z', startedAt: '2026-01-01T00:00:01.000Z', finishedAt: '2026-01-01T00:00:13.000Z', ...some,
});

interface Row { channel: string; state: string; attempts: number; reason: string | null }

/** The notifier as it runs, on a real NATS and Postgres, with the chat simulator. One a spec file. */
export const startNotifier = async (natsUrl: string, databaseUrl: string): Promise<NotifierRig> => {
  const dir = await tempDir('notifier');
  const chat = await startChatSimulator({ journalFile: join(dir.path, 'chat.jsonl'), slackToken: 'slack-token', discordToken: 'discord-token', webhookSecret: WEBHOOK_SECRET });
  const config = await tempDir('notifier-config');
  await writeFile(join(config.path, 'resources.yaml'), RESOURCES);
  Object.assign(process.env, {
    NATS_URL: natsUrl, DATABASE_URL: databaseUrl, STELLWERK_CONFIG: config.path, TEST_TOKEN: 'token',
    TEST_SLACK: chat.slackUrl, TEST_DISCORD: chat.discordUrl, TEST_HOOK: chat.webhookUrl, TEST_HOOK_SECRET: WEBHOOK_SECRET,
  });
  const declaring = await connectNats('declare', natsUrl);
  await declareTopology(declaring);
  await declaring.close();
  await runMigrations('notifier', migrations, databaseUrl);
  const metrics = new Metrics();
  const application = await boot(metrics);
  const database = application.get(Database, { strict: false });
  const publisher = application.get(Publisher, { strict: false });
  const rows = (run: string): Promise<Row[]> =>
    database.query<Row>('SELECT channel, state, attempts, reason FROM deliveries WHERE run = $1 ORDER BY seq', [run]);
  return {
    chat, database, metrics, rows,
    tell: async (run, { again = 0, ...some } = {}) => {
      const id = `${run.id}:${run.version}:status.${run.state}`;
      const event = cloudEvent<RunStatus>({
        id, source: '/services/status', type: `runstatus.${run.state}`, subject: run.id, time: new Date(run.finishedAt ?? run.createdAt),
        correlationId: run.id, causationId: 'c', data: { run, recovered: false, ...some },
      });
      const message = eventMessage(subjects.runStatus(run.flow, run.state), event);
      await publisher.publish({ ...message, id: again === 0 ? id : `${id}:replay:${again}` });
    },
    messagesOf: (run, name) => chat.messages().filter(({ channel: at, body }) => JSON.stringify(body).includes(run) && (name === undefined || at === name)),
    settled: (run, wanted) => waitFor(async () => {
      const found = await rows(run);
      return found.length >= wanted && found.every(({ state }) => state !== 'pending' && state !== 'sending') && found;
    }, { what: `${wanted} deliveries of ${run}`, timeoutMs: 15_000 }),
    stop: async () => {
      await application.close();
      await chat.close();
      await dir.remove();
      await config.remove();
    },
  };
};
