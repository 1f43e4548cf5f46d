import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cloudEvent, commandId, shortType, subjects, type CloudEvent, type Command, type PlatformEvent, type PlatformEventType } from '@stellwerk/contracts';
import { connectNats, declareTopology } from '@stellwerk/messaging';
import { startTestNats, tempDir, testDatabaseUrl, waitFor } from '@stellwerk/testing';
import type { Platform, Subject } from './subject.js';

export const TOKEN = 'a-token-that-works';
/** A call's time limit of every connection; leases and breaker windows follow from it. */
export const TIMEOUT_MS = 1_000;
const ROOT = resolve(import.meta.dirname, '../../../..');
const BUILD_LIMIT_MS = 240_000;

/** A connection of the suite; every case has its own, so that no breaker or gate of one touches another. */
export interface CaseConnection {
  name: string;
  url?: string;
  allow?: string[];
  tokenFile?: string;
  /** More of its `spec`, or other than the suite's. */
  spec?: Record<string, unknown>;
}

export interface SentCommand {
  id: string;
  command: Command;
}

/** Everything real around one connector: broker, database, platform server and the service as processes. */
export interface Rig {
  platform: Platform;
  dir: string;
  databaseUrl: string;
  natsUrl: string;
  events: CloudEvent<Record<string, unknown>>[];
  /** Writes the config; a running connector takes it up. */
  configure(connections: CaseConnection[]): Promise<void>;
  startConnector(env?: Record<string, string>): Promise<ChildProcess>;
  stopConnectors(): Promise<void>;
  send(connection: string, more?: Partial<Command>, id?: string): Promise<SentCommand>;
  resend(sent: SentCommand): Promise<void>;
  /** Puts anything at all among the commands of a connection. */
  sendRaw(connection: string, text: string): Promise<void>;
  /** An event as ingress makes it of a hook. */
  hook(event: CloudEvent<PlatformEvent>): Promise<void>;
  /** A metric's value, all its series added up. */
  metric(child: ChildProcess, name: string): Promise<number>;
  /** The first `trigger.*` event about a command that says what became of it, or of that type. */
  outcome(sent: SentCommand, type?: string): Promise<CloudEvent<Record<string, unknown>>>;
  /** Whether anything was said of what became of it. */
  isSettled(sent: SentCommand): boolean;
  /** An event about a followed run. */
  followed(sent: SentCommand, type: string): Promise<CloudEvent<Record<string, unknown>>>;
  close(): Promise<void>;
}

const build = (service: string): void => {
  const compiler = join(ROOT, 'node_modules/typescript-7/bin/tsc');
  const built = spawnSync(process.execPath, [compiler, '-b', join(ROOT, 'services', service), join(ROOT, 'libs/messaging')], { encoding: 'utf8', timeout: BUILD_LIMIT_MS });
  if (built.status !== 0) throw new Error(`building ${service} failed:\n${built.stdout}${built.stderr}`);
};

const migrate = (service: string, env: NodeJS.ProcessEnv): void => {
  const migrated = spawnSync(process.execPath, [join(ROOT, 'services', service, 'dist/src/migrate.main.js')], { encoding: 'utf8', env });
  if (migrated.status !== 0) throw new Error(`migrating ${service} failed:\n${migrated.stdout}${migrated.stderr}`);
};

const stop = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((done) => {
    child.once('exit', () => done());
    child.kill(signal);
    // One that a failed test left standing still would never hear of it.
    child.kill('SIGCONT');
  });
};

export const startRig = async (subject: Subject): Promise<Rig> => {
  build(subject.service);
  const home = await tempDir('conformance');
  await mkdir(join(home.path, 'config'));
  const nats = await startTestNats();
  const connection = await connectNats('conformance', nats.url);
  await declareTopology(connection);
  const platform = await subject.start({ journalFile: join(home.path, 'journal.jsonl'), token: TOKEN, runMilliseconds: 300 });
  const databaseUrl = await testDatabaseUrl();
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH, NATS_URL: nats.url, DATABASE_URL: databaseUrl, STELLWERK_CONFIG: join(home.path, 'config'), HOST: '127.0.0.1',
    PLATFORM_TOKEN: TOKEN, LOG_LEVEL: process.env.CONFORMANCE_LOG ?? 'error', LOOKUP_GAP_MILLISECONDS: '400', LOOKUP_QUIET_MILLISECONDS: '1000',
    [`${subject.service.toUpperCase().replaceAll('-', '_')}_MANAGEMENT_PORT`]: '0',
  };
  migrate(subject.service, env);

  const events: CloudEvent<Record<string, unknown>>[] = [];
  connection.subscribe('events.>', { callback: (_error, message) => void events.push(message.json()) });
  const children: ChildProcess[] = [];
  const ports = new Map<ChildProcess, number>();

  const configure = async (connections: CaseConnection[]): Promise<void> => {
    const documents = connections.map(({ name, url, allow, tokenFile, spec }) => JSON.stringify({
      apiVersion: 'stellwerk.dev/v1', kind: 'Connection', metadata: { name },
      spec: {
        platform: subject.platform, url: url ?? platform.url, auth: subject.auth(tokenFile ? { file: tokenFile } : { env: 'PLATFORM_TOKEN' }),
        ...subject.settings,
        limits: { concurrency: 10, timeout: `${TIMEOUT_MS}ms` }, network: { allow: allow ?? ['127.0.0.0/8'] }, poll: { every: '1s' }, ...spec,
      },
    }));
    await writeFile(join(home.path, 'config', 'connections.yaml'), `${documents.join('\n---\n')}\n`);
  };

  const startConnector = async (more: Record<string, string> = {}): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [join(ROOT, 'services', subject.service, 'dist/src/main.js')], { env: { ...env, ...more }, stdio: ['ignore', process.env.CONFORMANCE_LOG ? 'inherit' : 'ignore', 'inherit', 'ipc'] });
    children.push(child);
    await new Promise<void>((listening, failed) => {
      child.once('message', (message: { managementPort?: number }) => {
        ports.set(child, message.managementPort ?? 0);
        listening();
      });
      child.once('exit', (code) => failed(new Error(`${subject.service} ended with ${code} before it listened`)));
    });
    return child;
  };

  const stopConnectors = async (): Promise<void> => {
    await Promise.all(children.splice(0).map(async (child) => stop(child, 'SIGTERM')));
  };

  const publish = async ({ id, command }: SentCommand): Promise<void> => {
    const event = cloudEvent<Command>({ id, source: '/services/router', type: 'command.requested', subject: command.run, time: new Date(), correlationId: command.run, causationId: id, data: command });
    await connection.request(subjects.command(subject.platform, command.connection, command.action), JSON.stringify(event), { timeout: 5_000 });
  };

  const metric = async (child: ChildProcess, name: string): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${ports.get(child)}/metrics`)).text();
    const series = text.split('\n').filter((line) => line.startsWith(`stellwerk_${subject.service.replaceAll('-', '_')}_${name}`) && /[ {]/.test(line.charAt(`stellwerk_${subject.service.replaceAll('-', '_')}_${name}`.length)));
    return series.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  };

  return {
    platform, dir: home.path, databaseUrl, natsUrl: nats.url, events, configure, startConnector,
    async send(name, more = {}, known) {
      const run = known?.split(':')[0] ?? runId();
      const command: Command = {
        run, flow: 'conformance', step: 'step', purpose: 'run', n: 1, connection: name, platform: subject.platform, action: subject.action, with: subject.works, await: true, ...more,
      };
      const sent = { id: known ?? commandId(run, command.step, command.purpose, command.n), command };
      await publish(sent);
      return sent;
    },
    resend: publish,
    sendRaw: async (name, text) => void (await connection.request(subjects.command(subject.platform, name, 'anything'), text, { timeout: 5_000 })),
    hook: async (event) => void (await connection.request(subjects.event(subject.platform, shortType(event.type) as PlatformEventType), JSON.stringify(event), { timeout: 5_000 })),
    metric,
    outcome: async (sent, type) =>
      waitFor(() => events.find((event) => event.causationid === sent.id && isOf(shortType(event.type), type)), { timeoutMs: 50_000, what: `${type ?? 'an outcome'} of ${sent.id}` }),
    isSettled: (sent) => events.some((event) => event.causationid === sent.id && isOf(shortType(event.type), undefined)),
    followed: async (sent, type) =>
      waitFor(() => events.find((event) => event.data.correlation === sent.id && shortType(event.type) === type), { timeoutMs: 50_000, what: `${type} of ${sent.id}` }),
    stopConnectors,
    async close() {
      await stopConnectors();
      await connection.close();
      await platform.close();
      await nats.stop();
      await home.remove();
    },
  };
};

const isOf = (short: string, type: string | undefined): boolean => (type === undefined ? short.startsWith('trigger.') && short !== 'trigger.delayed' : short.startsWith(type));

/** Run ids have the layout of UUID version 8. */
const runId = (): string => randomUUID().replace(/^(.{14})4/, '$18');
