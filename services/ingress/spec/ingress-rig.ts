import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { Global, Module, type INestApplication, type LoggerService } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { CloudEvent, PlatformEvent } from '@stellwerk/contracts';
import { runMigrations } from '@stellwerk/database';
import { connectNats, declareTopology } from '@stellwerk/messaging';
import { DOOR, DoorServer, Metrics, Readiness, SERVICE_NAME, TRANSPORTS, type Door, type TransportOptions } from '@stellwerk/service-kit';
import { tempDir, waitFor } from '@stellwerk/testing';
import type { FastifyInstance } from 'fastify';
import type { RequestListener } from 'node:http';
import { migrations } from '../migrations/index.js';
import { setEnvironment } from './environment.config.js';
import type { Sent } from './signing.js';

const CONNECTIONS = `
apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: github }
spec:
  platform: github
  url: https://api.github.com
  webhook: { secrets: [{ env: TEST_GITHUB }, { env: TEST_GITHUB_OLD }] }
---
apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: gitlab }
spec:
  platform: gitlab
  url: https://gitlab.example.com
  webhook: { secrets: [{ env: TEST_GITLAB }], tokens: [{ env: TEST_GITLAB_TOKEN }] }
---
apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: jenkins }
spec:
  platform: jenkins
  url: https://ci.example.com/jenkins
  webhook: { secrets: [{ env: TEST_JENKINS }], tokens: [{ env: TEST_JENKINS_TOKEN }] }
---
apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: sender }
spec:
  platform: webhook
  url: https://sender.example.com
  webhook: { secrets: [{ env: TEST_WEBHOOK }] }
---
apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: flows }
spec:
  platform: prefect
  url: https://prefect.example.com/api
  webhook: { tokens: [{ env: TEST_BEARER }] }
---
apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: closed }
spec:
  platform: github
  url: https://api.github.com
`;

export interface StoredMessage {
  subject: string;
  headers: Record<string, string>;
  body: Buffer;
}

export interface IngressRig {
  url: string;
  metrics: Metrics;
  readiness: Readiness;
  send(sent: Sent): Promise<Response>;
  stored(stream: 'HOOKS' | 'EVENTS' | 'DEAD_LETTERS'): Promise<StoredMessage[]>;
  events(count: number, timeoutMs?: number): Promise<CloudEvent<PlatformEvent>[]>;
  stop(): Promise<void>;
}

const QUIET: LoggerService = { log: () => {}, warn: () => {}, error: () => {}, debug: () => {}, verbose: () => {}, fatal: () => {} };

/** What `startService` puts around a service, without its process. */
const boot = async (metrics: Metrics, readiness: Readiness): Promise<{ application: INestApplication; url: string }> => {
  // The module reads the environment as soon as it is loaded.
  const { IngressModule } = await import('../src/ingress.module.js');
  const providers = [
    { provide: SERVICE_NAME, useValue: 'ingress' },
    { provide: Readiness, useValue: readiness },
    { provide: Metrics, useValue: metrics },
  ];
  @Global()
  @Module({ providers, exports: [SERVICE_NAME, Readiness, Metrics] })
  class KitForTests {}
  const testing = await Test.createTestingModule({ imports: [KitForTests, IngressModule] }).setLogger(QUIET).compile();
  const server = new DoorServer();
  const adapter = new FastifyAdapter({ serverFactory: (listener: RequestListener) => server.serve(listener), forceCloseConnections: true });
  const application = testing.createNestApplication<NestFastifyApplication>(adapter, { bodyParser: false });
  const fastify = application.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  server.furnish(application.get<Door>(DOOR, { strict: false }));
  for (const { filters = [], ...options } of application.get<TransportOptions[]>(TRANSPORTS, { strict: false })) {
    application.connectMicroservice(options as never, { deferInitialization: true }).useGlobalFilters(...filters);
  }
  await application.init();
  await application.startAllMicroservices();
  return { application, url: await fastify.listen({ port: 0, host: '127.0.0.1' }) };
};

const messagesOf = async (natsUrl: string, stream: string): Promise<StoredMessage[]> => {
  const connection = await connectNats('test', natsUrl);
  try {
    const manager = await jetstreamManager(connection);
    const { state } = await manager.streams.info(stream);
    const sequences = Array.from({ length: state.messages }, (_, index) => state.first_seq + index);
    const found = await Promise.all(sequences.map((seq) => manager.streams.getMessage(stream, { seq })));
    return found.filter((message) => message !== null).map((message) => ({
      subject: message.subject,
      headers: Object.fromEntries([...message.header].map(([name, values]) => [name.toLowerCase(), values[0] ?? ''])),
      body: Buffer.from(message.data),
    }));
  } finally {
    await connection.close();
  }
};

/** Ingress as it runs, on a real NATS and Postgres. One a spec file. `more`: further YAML documents. */
export const startIngress = async (natsUrl: string, databaseUrl: string, env: Record<string, string> = {}, more = ''): Promise<IngressRig> => {
  const config = await tempDir('ingress-config');
  await writeFile(join(config.path, 'connections.yaml'), `${CONNECTIONS}${more}`);
  setEnvironment(natsUrl, databaseUrl, config.path, env);
  const declaring = await connectNats('declare', natsUrl);
  await declareTopology(declaring);
  await declaring.close();
  await runMigrations('ingress', migrations, databaseUrl);
  const metrics = new Metrics();
  const readiness = new Readiness();
  const { application, url } = await boot(metrics, readiness);
  const stored: IngressRig['stored'] = (stream) => messagesOf(natsUrl, stream);
  return {
    url,
    metrics,
    readiness,
    stored,
    send: ({ path, headers, body }) => fetch(`${url}${path}`, { method: 'POST', headers, body: body as NonNullable<RequestInit['body']> }),
    events: async (count, timeoutMs = 15_000) => {
      const messages = await waitFor(async () => {
        const found = await stored('EVENTS');
        return found.length >= count && found;
      }, { what: `${count} events`, timeoutMs });
      return messages.map(({ body }) => JSON.parse(body.toString('utf8')) as CloudEvent<PlatformEvent>);
    },
    stop: async () => {
      await application.close();
      await config.remove();
    },
  };
};
