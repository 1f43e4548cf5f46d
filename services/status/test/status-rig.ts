import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { Global, Module, type INestApplication, type LoggerService } from '@nestjs/common';
import type { NestMicroservice } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Resources } from '@stellwerk/config';
import { cloudEvent, subjects, type CloudEvent, type RunChanged, type RunSnapshot } from '@stellwerk/contracts';
import { Database, runMigrations } from '@stellwerk/database';
import { connectNats, declareTopology, eventMessage, Publisher } from '@stellwerk/messaging';
import { DOOR, Metrics, Readiness, SERVICE_NAME, TRANSPORTS, type Door, type TransportOptions } from '@stellwerk/service-kit';
import { tempDir } from '@stellwerk/testing';
import type { FastifyInstance } from 'fastify';
import { migrations } from '../migrations/index.js';

const RESOURCES = `
apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: github }
spec:
  platform: github
  url: https://api.github.com
  webhook: { secrets: [{ env: TEST_GITHUB }] }
  auth: { token: { env: TEST_GITHUB } }
---
apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: gitlab }
spec:
  platform: gitlab
  url: https://gitlab.example.com
  auth: { token: { env: TEST_GITHUB } }
---
apiVersion: stellwerk.dev/v1
kind: Environment
metadata: { name: quiet }
spec: { branches: [main] }
---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: release, labels: { team: shop } }
spec:
  description: Scan, then deploy
  on:
    - { event: pipelinerun.finished, from: github, outcome: success }
  steps:
    scan: { uses: gitlab/trigger-pipeline, with: { project: acme/scan, ref: main } }
    deploy: { needs: [scan], uses: github/dispatch-workflow, with: { repository: acme/shop, workflow: deploy.yml, ref: main } }
---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: by-hand }
spec:
  inputs:
    version: { required: true, description: What is deployed }
    count: { type: number, default: 3 }
    dry: { type: boolean }
  steps:
    scan: { uses: gitlab/trigger-pipeline, with: { project: acme/scan, ref: "${'$'}{{ inputs.version }}" } }
`;

const SECRET = 'a-secret-that-is-never-shown';

export interface StatusMessageSeen {
  subject: string;
  id: string;
  event: CloudEvent;
}

export interface StatusRig {
  url: string;
  /** Its configuration: one file. */
  configFile: string;
  metrics: Metrics;
  database: Database;
  resources: Resources;
  publishRun(type: string, run: RunSnapshot, step?: string): Promise<void>;
  publish(subject: string, event: CloudEvent): Promise<void>;
  /** All of STATUS so far, in its order. */
  told(): Promise<StatusMessageSeen[]>;
  get<T = Record<string, unknown>>(path: string, headers?: Record<string, string>): Promise<{ status: number; type: string; body: T }>;
  stop(): Promise<void>;
}

const QUIET: LoggerService = { log: () => {}, warn: () => {}, error: (...text) => console.error(...text), debug: () => {}, verbose: () => {}, fatal: () => {} };

/** What `startService` puts around a service, without its process. */
const boot = async (metrics: Metrics): Promise<{ application: INestApplication; url: string }> => {
  // The module reads the environment as soon as it is loaded.
  const { StatusModule } = await import('../src/status.module.js');
  const providers = [
    { provide: SERVICE_NAME, useValue: 'status' },
    { provide: Readiness, useValue: new Readiness() },
    { provide: Metrics, useValue: metrics },
  ];
  @Global()
  @Module({ providers, exports: [SERVICE_NAME, Readiness, Metrics] })
  class KitForTests {}
  const testing = await Test.createTestingModule({ imports: [KitForTests, StatusModule] }).setLogger(QUIET).compile();
  const application = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter({ routerOptions: { maxParamLength: 2_000 } }), { bodyParser: false });
  const fastify = application.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  await application.get<Door>(DOOR, { strict: false }).configure?.(fastify);
  for (const { filters = [], ...options } of application.get<TransportOptions[]>(TRANSPORTS, { strict: false })) {
    const microservice = application.connectMicroservice(options as never, { deferInitialization: true }) as NestMicroservice;
    microservice.useGlobalFilters(...filters);
    microservice.setIsInitHookCalled(true);
  }
  await application.init();
  await application.startAllMicroservices();
  return { application, url: await fastify.listen({ port: 0, host: '127.0.0.1' }) };
};

/** All of STATUS so far, in its order. */
export const told = async (natsUrl: string): Promise<StatusMessageSeen[]> => {
  const connection = await connectNats('test', natsUrl);
  try {
    const manager = await jetstreamManager(connection);
    const { state } = await manager.streams.info('STATUS');
    const sequences = Array.from({ length: state.messages }, (_, index) => state.first_seq + index);
    const found = await Promise.all(sequences.map((seq) => manager.streams.getMessage('STATUS', { seq })));
    return found.filter((message) => message !== null)
      .map((message) => ({ subject: message.subject, id: message.header.get('Nats-Msg-Id'), event: message.json<CloudEvent>() }));
  } finally {
    await connection.close();
  }
};

const getFrom = (url: string): StatusRig['get'] => async <T>(path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}${path}`, { headers });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, body: (type.includes('json') ? JSON.parse(text) : text) as T };
};

/** A change of a run as the router tells it; without `more` as a router of before told it, which did not say what moved. */
export const runEvent = (type: string, run: RunSnapshot, more: Partial<RunChanged> = {}): CloudEvent<RunChanged> => cloudEvent({
  id: `${run.id}:${run.version}`, source: '/services/router', type, subject: run.id, time: new Date(), correlationId: run.id, causationId: run.event.id,
  data: { ...more, run },
});

/** Streams, schema and configuration; the environment of a status service on them. */
export const prepareStatus = async (natsUrl: string, databaseUrl: string): Promise<{ env: Record<string, string>; remove(): Promise<void> }> => {
  const config = await tempDir('status-config');
  await writeFile(join(config.path, 'resources.yaml'), RESOURCES);
  const declaring = await connectNats('declare', natsUrl);
  await declareTopology(declaring);
  await declaring.close();
  await runMigrations('status', migrations, databaseUrl);
  const env = { NATS_URL: natsUrl, DATABASE_URL: databaseUrl, STELLWERK_CONFIG: config.path, STATUS_PORT: '0', HOST: '127.0.0.1', TEST_GITHUB: SECRET };
  return { env, remove: () => config.remove() };
};

/** Status as it runs, on a real NATS and Postgres. One a spec file. `more`: of its environment. */
export const startStatus = async (natsUrl: string, databaseUrl: string, more: Record<string, string> = {}): Promise<StatusRig> => {
  const { env, remove } = await prepareStatus(natsUrl, databaseUrl);
  Object.assign(process.env, env, more);
  const metrics = new Metrics();
  const { application, url } = await boot(metrics);
  const publisher = application.get(Publisher, { strict: false });
  const publish: StatusRig['publish'] = async (subject, event) => void (await publisher.publish(eventMessage(subject, event)));
  return {
    url, metrics, publish,
    configFile: join(env['STELLWERK_CONFIG']!, 'resources.yaml'),
    database: application.get(Database, { strict: false }),
    resources: application.get(Resources, { strict: false }),
    publishRun: (type, run, step) => publish(subjects.event('router', type), runEvent(type, run, { step })),
    told: () => told(natsUrl),
    get: getFrom(url),
    stop: async () => {
      await application.close();
      await remove();
    },
  };
};
