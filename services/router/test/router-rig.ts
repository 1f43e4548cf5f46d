import 'reflect-metadata';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers as natsHeaders } from '@nats-io/transport-node';
import {
  cloudEvent, factOf, platformRunKey, polledEventId, subjects, type CloudEvent, type Command, type OrderReply, type PlatformEvent, type RunChanged, type RunSnapshot, type TriggerResult,
} from '@stellwerk/contracts';
import { runMigrations } from '@stellwerk/database';
import { connectNats, declareTopology, eventMessage } from '@stellwerk/messaging';
import { faultsOfHistories, startTestNats, tempDir, testDatabaseUrl, waitFor } from '@stellwerk/testing';
import pg from 'pg';
import { migrations } from '../migrations/index.js';

const CONNECTIONS = `
apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: github }
spec: { platform: github, url: https://api.github.com, auth: { token: { env: RIG_TOKEN } } }
---
apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: gitlab }
spec: { platform: gitlab, url: https://gitlab.example.com, auth: { token: { env: RIG_TOKEN } } }
---
apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: jenkins }
spec: { platform: jenkins, url: https://ci.example.com, auth: { user: u, token: { env: RIG_TOKEN } } }
`;

/** The router as it is built: `tsc -b services/router` before the specs. */
const MAIN = new URL('../dist/src/main.js', import.meta.url).pathname;
const TELEMETRY = new URL('../../../libs/service-kit/telemetry.mjs', import.meta.url).pathname;

/** Messages asked of the broker together: one by one, a thousand take seconds on a busy machine, and specs look again and again. */
const AT_ONCE = 200;

const GITLAB = 'https://gitlab.example.com';
const GITHUB = 'https://api.github.com';

export interface RouterProcess {
  child: ChildProcess;
  /** Everything it logged. */
  output(): string;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  stop(): Promise<void>;
}

export type Sent = CloudEvent<Command>;

/** A router (or several) on a real NATS and Postgres; specs play the platforms and their connectors. */
export const startRouterRig = async (flows: string) => {
  const nats = await startTestNats();
  const databaseUrl = await testDatabaseUrl();
  const config = await tempDir('router-config');
  await writeFile(join(config.path, 'connections.yaml'), CONNECTIONS);
  await writeFile(join(config.path, 'flows.yaml'), flows);
  const connection = await connectNats('router-rig', nats.url);
  await declareTopology(connection);
  await runMigrations('router', migrations, databaseUrl);
  const database = new pg.Pool({ connectionString: databaseUrl, options: '-c search_path=router' });
  const manager = await jetstreamManager(connection);
  const processes: RouterProcess[] = [];

  const start = async (failpoint?: string, env: Record<string, string> = {}): Promise<RouterProcess> => {
    const started = spawnRouter({ ...env, NATS_URL: nats.url, DATABASE_URL: databaseUrl, STELLWERK_CONFIG: config.path, ROUTER_SWEEP_MILLISECONDS: '100', ...(failpoint && { FAILPOINT: failpoint }) });
    processes.push(started);
    await Promise.race([
      once(started.child, 'message'),
      // What the one before it left may lead it to its failpoint at once.
      started.exited.then(({ signal }) => { if (failpoint === undefined || signal !== 'SIGKILL') throw new Error(`the router ended while starting:\n${started.output()}`); }),
    ]);
    return started;
  };

  /** Other flows from now on, in every router that runs. */
  const configure = async (text: string): Promise<void> => {
    const reloads = (): number[] => processes.filter(({ child }) => child.exitCode === null && child.signalCode === null).map(({ output }) => output().split('config.loaded').length);
    const before = reloads();
    await writeFile(join(config.path, 'flows.yaml'), text);
    await waitFor(() => reloads().every((count, index) => count > before[index]!), { what: 'the routers to reload' });
  };

  /** Gives, each time, what has come since the time before. */
  const follow = <T>(name: string): (() => Promise<CloudEvent<T>[]>) => {
    let seen = 0;
    return async () => {
      const { state } = await manager.streams.info(name);
      const found: CloudEvent<T>[] = [];
      if (state.messages === 0) return found;
      for (let from = Math.max(state.first_seq, seen + 1); from <= state.last_seq; from += AT_ONCE) {
        const messages = await Promise.all(Array.from({ length: Math.min(AT_ONCE, state.last_seq - from + 1) }, (_, at) => manager.streams.getMessage(name, { seq: from + at })));
        for (const message of messages) if (message) found.push(JSON.parse(Buffer.from(message.data).toString('utf8')) as CloudEvent<T>);
      }
      seen = state.last_seq;
      return found;
    };
  };

  const stream = <T>(name: string): Promise<CloudEvent<T>[]> => follow<T>(name)();

  /** `traceparent` of every message of a stream, by message id. */
  const traces = async (name: string): Promise<Map<string, string>> => {
    const { state } = await manager.streams.info(name);
    const found = new Map<string, string>();
    for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
      const header = (await manager.streams.getMessage(name, { seq }))?.header;
      if (header) found.set(header.get('Nats-Msg-Id'), header.get('traceparent'));
    }
    return found;
  };

  const publish = async (subject: string, event: CloudEvent, traceparent?: string): Promise<void> => {
    const { headers, body, id } = eventMessage(subject, event);
    const all = natsHeaders();
    for (const [key, value] of Object.entries(headers)) all.set(key, value);
    if (traceparent !== undefined) all.set('traceparent', traceparent);
    // Repeats are to reach the router: its inbox is under test, not the broker's window.
    const { seq } = await jetstream(connection).publish(subject, body, { headers: all, msgID: `${id}:${published += 1}` });
    newest = Math.max(newest, seq);
  };
  let published = 0;
  let newest = 0;

  const commands = async (filter: Partial<Command> = {}): Promise<Sent[]> =>
    (await stream<Command>('COMMANDS')).filter(({ data }) => Object.entries(filter).every(([key, value]) => data[key as keyof Command] === value));

  const command = (id: string): Promise<Sent> =>
    waitFor(async () => (await commands()).find((sent) => sent.id === id), { what: `command ${id}` });

  const runs = async (flow?: string): Promise<{ id: string; flow: string; state: string }[]> =>
    (await database.query('SELECT id, flow, state FROM runs WHERE flow = coalesce($1, flow) ORDER BY created_at', [flow ?? null])).rows;

  const snapshots = async (run: string): Promise<RunSnapshot[]> =>
    (await stream<RunChanged>('EVENTS')).filter(({ source, subject }) => source === '/services/router' && subject === run).map(({ data }) => data.run);

  const reaches = (run: string, state: string): Promise<RunSnapshot> =>
    waitFor(async () => (await snapshots(run)).find((snapshot) => snapshot.state === state), { what: `run ${run} ${state}` });

  const soleRun = async (flow: string): Promise<string> => {
    const found = await waitFor(async () => { const all = await runs(flow); return all.length > 0 && all; }, { what: `a run of ${flow}` });
    if (found.length !== 1) throw new Error(`expected one run of ${flow}, got ${found.length}`);
    return found[0]!.id;
  };

  /** A pipelinerun event of GitHub; the same `id` is the same fact, by whatever delivery or poll it comes. */
  const github = async (id: string, more: Partial<PlatformEvent> & { delivery?: string; polled?: boolean; traceparent?: string } = {}): Promise<void> => {
    const { delivery = id, polled = false, traceparent, ...data } = more;
    const fact = factOf({ origin: GITHUB, repository: data.repository ?? 'acme/shop', kind: 'pipelinerun', id, attempt: data.run?.attempt ?? 1, predicate: 'finished' });
    await publish('events.github.pipelinerun.finished', cloudEvent<PlatformEvent>({
      id: polled ? polledEventId('github', fact) : `github:${delivery}:pipelinerun.finished`, source: '/connections/github', type: 'pipelinerun.finished',
      subject: id, time: new Date(), correlationId: `github:${delivery}`, causationId: `github:${delivery}`, fact,
      data: {
        connection: 'github', platform: 'github', repository: 'acme/shop', branch: 'main', sha: 'a'.repeat(40), pipeline: 'CI', outcome: 'success',
        run: { id, attempt: 1 }, occurredAt: new Date().toISOString(), ...data,
      },
    }), traceparent);
  };

  /** What the connector says about a command. */
  const answer = async (sent: Sent, verdict: 'accepted' | 'rejected' | 'unknown' | 'delayed', more: Partial<TriggerResult> & { id?: string; traceparent?: string } = {}): Promise<void> => {
    const { id, traceparent, ...data } = more;
    const { data: asked } = sent;
    const started = verdict === 'accepted' && id !== undefined
      ? { platformRun: { id, attempt: 1, url: `${GITLAB}/${id}` }, platformRunKey: platformRunKey(GITLAB, 'any', id), followed: true } : {};
    await publish(subjects.event(asked.platform, `trigger.${verdict}`), cloudEvent<TriggerResult>({
      id: `${sent.id}:${verdict}`, source: `/services/${asked.platform}-connector`, type: `trigger.${verdict}`, subject: sent.id, time: new Date(),
      correlationId: asked.run, causationId: sent.id,
      data: {
        command: sent.id, run: asked.run, flow: asked.flow, step: asked.step, purpose: asked.purpose, connection: asked.connection, platform: asked.platform,
        occurredAt: new Date().toISOString(), ...started, ...data,
      },
    }), traceparent);
  };

  /** A GitLab pipeline tells how far it is; `attempt`: the end by which it is counted, where there is one. */
  const pipeline = async (id: string, predicate: 'queued' | 'started' | 'finished', { attempt = 1, ...more }: Partial<PlatformEvent> & { attempt?: string | number } = {}): Promise<void> => {
    const fact = factOf({ origin: GITLAB, repository: 'any', kind: 'pipelinerun', id, attempt, predicate });
    await publish(`events.gitlab.pipelinerun.${predicate}`, cloudEvent<PlatformEvent>({
      id: polledEventId('gitlab', fact), source: '/connections/gitlab', type: `pipelinerun.${predicate}`, subject: id, time: new Date(),
      correlationId: 'poll', causationId: 'poll', fact,
      data: { connection: 'gitlab', platform: 'gitlab', repository: 'any', run: { id, attempt: 1 }, occurredAt: new Date().toISOString(), ...more },
    }));
  };

  const ask = async <T = OrderReply>(pattern: string, data: unknown): Promise<T> => {
    const reply = await connection.request(pattern, JSON.stringify({ pattern, data, id: 'rig' }), { timeout: 10_000 });
    return (JSON.parse(Buffer.from(reply.data).toString('utf8')) as { response: T }).response;
  };

  /** Nothing is left to handle: every event is acked, the outbox is empty. */
  const quiet = (timeoutMs = 30_000): Promise<true> => waitFor(async () => {
    const { num_pending, num_ack_pending, delivered } = await manager.consumers.info('EVENTS', 'router-events');
    const { rows } = await database.query('SELECT count(*)::int AS left FROM outbox');
    // The broker counts what it has stored a moment later: 0 pending alone may be from before.
    if (delivered.stream_seq >= newest && num_pending === 0 && num_ack_pending === 0 && rows[0].left === 0) return true;
    throw new Error(`${delivered.stream_seq} of ${newest} delivered, ${num_pending} pending, ${num_ack_pending} unacked, ${rows[0].left} in the outbox`);
  }, { what: 'quiet', timeoutMs });

  /** So many events were taken, whatever became of their acks. */
  const taken = (count: number): Promise<true> => waitFor(async () => {
    const { rows } = await database.query('SELECT (SELECT count(*) FROM inbox)::int AS taken, (SELECT count(*) FROM outbox)::int AS left');
    if (rows[0].taken === count && rows[0].left === 0) return true;
    throw new Error(`${rows[0].taken} taken, ${rows[0].left} in the outbox`);
  }, { what: `${count} events to be taken`, timeoutMs: 30_000 });

  /** The broker has noticed that no router is there: what comes now is not handed to a dead one. */
  const deserted = (): Promise<true> => waitFor(async () => (await manager.consumers.info('EVENTS', 'router-events')).num_waiting === 0, { what: 'the broker to notice' });

  /** Whatever a spec did to its runs: each is what its history makes of it. */
  const checkHistories = async (): Promise<void> => {
    const faults = await faultsOfHistories(async (sql, values) => (await database.query(sql, values)).rows);
    if (faults.length > 0) throw new Error(`expected every run to be what its history says; ${faults.length} are not, first ${JSON.stringify(faults.slice(0, 3), null, 2)}`);
  };

  /** Every router that runs. */
  const stopAll = async (): Promise<void> => void (await Promise.all(processes.map((process) => process.stop())));

  const stop = async (): Promise<void> => {
    await stopAll();
    try {
      await checkHistories();
    } finally {
      await database.end();
      await connection.close();
      await Promise.all([nats.stop(), config.remove()]);
    }
  };

  return { nats, database, start, stopAll, configure, follow, stream, traces, commands, command, runs, soleRun, snapshots, reaches, github, answer, pipeline, ask, quiet, taken, deserted, stop, publish };
};

export type RouterRig = Awaited<ReturnType<typeof startRouterRig>>;

const spawnRouter = (env: Record<string, string>): RouterProcess => {
  const child = spawn(process.execPath, ['--import', TELEMETRY, MAIN], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'info', ROUTER_MANAGEMENT_PORT: '0', STELLWERK_SERVICE: 'router', RIG_TOKEN: 'not-used-here', ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const source of [child.stdout!, child.stderr!]) source.on('data', (chunk: Buffer) => { output += chunk.toString('utf8'); });
  const exited = once(child, 'exit').then(([code, signal]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }));
  return {
    child, exited, output: () => output,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exited;
    },
  };
};
