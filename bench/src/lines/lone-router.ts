import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { cloudEvent, factOf, platformRunKey, subjects, type CloudEvent, type Command, type PlatformEvent, type TriggerResult } from '@stellwerk/contracts';
import { connectNats, declareTopology, eventMessage } from '@stellwerk/messaging';
import { startTestNats, startTestPostgres, tempDir } from '@stellwerk/testing';
import { inRoot } from '../../../scripts/bootstrap/root.mjs';
import { StatementCounter } from '../measure/statements.repository.ts';

const GITHUB = 'https://api.github.com';
const GITLAB = 'https://gitlab.example.com';

const CONNECTIONS = ['github', 'gitlab'].map((name) => `apiVersion: stellwerk.dev/v1\nkind: Connection\nmetadata: { name: ${name} }\nspec: { platform: ${name}, url: ${name === 'github' ? GITHUB : `${GITLAB}, auth: { token: { env: BENCH_TOKEN } }`} }\n---\n`).join('');

/** One router on a NATS and a Postgres of its own, which counts statements; what platforms and connectors say is published by the bench. */
export const startLoneRouter = async (flows: string) => {
  const [nats, postgres, config] = await Promise.all([startTestNats(), startTestPostgres({ shared_preload_libraries: 'pg_stat_statements' }), tempDir('bench-lines')]);
  const databaseUrl = await postgres.createDatabase();
  const env = { PATH: process.env['PATH'], NATS_URL: nats.url, DATABASE_URL: databaseUrl, STELLWERK_CONFIG: config.path, STELLWERK_SERVICE: 'router', ROUTER_MANAGEMENT_PORT: '0', LOG_LEVEL: 'warn', BENCH_TOKEN: 'not-used-here' };
  await writeFile(join(config.path, 'all.yaml'), CONNECTIONS + flows);
  const connection = await connectNats('bench-lines', nats.url);
  await declareTopology(connection);
  const migrated = spawnSync(process.execPath, [inRoot('services/router/dist/src/migrate.main.js')], { env, encoding: 'utf8' });
  if (migrated.status !== 0) throw new Error(`expected migrations of the router to run, after npm run build: ${migrated.stderr}${migrated.stdout}`);
  const router: ChildProcess = fork(inRoot('services/router/dist/src/main.js'), { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await Promise.race([once(router, 'message'), once(router, 'exit').then(() => { throw new Error('the router ended while it started'); })]);
  const manager = await jetstreamManager(connection);
  const counter = await StatementCounter.at(databaseUrl);
  let published = 0;

  const publish = async (subject: string, event: CloudEvent): Promise<void> => {
    const { headers: fields, body } = eventMessage(subject, event);
    const all = headers();
    for (const [key, value] of Object.entries(fields)) all.set(key, value);
    const { seq } = await jetstream(connection).publish(subject, body, { headers: all });
    published = Math.max(published, seq);
  };

  const told = (platform: 'github' | 'gitlab', id: string, data: Partial<PlatformEvent>): Promise<void> => {
    const origin = platform === 'github' ? GITHUB : GITLAB;
    const now = new Date();
    return publish(subjects.event(platform, 'pipelinerun.finished'), cloudEvent<PlatformEvent>({
      id: `${platform}:${id}:pipelinerun.finished`, source: `/connections/${platform}`, type: 'pipelinerun.finished', subject: id, time: now, correlationId: id, causationId: id,
      fact: factOf({ origin, repository: data.repository ?? 'any', kind: 'pipelinerun', id, attempt: 1, predicate: 'finished' }),
      data: { connection: platform, platform, repository: 'any', branch: 'main', sha: 'a'.repeat(40), outcome: 'success', run: { id, attempt: 1 }, occurredAt: now.toISOString(), ...data },
    }));
  };

  /** Connector and platform: the command is taken, and its run succeeds. */
  const carryOut = async ({ id, data }: CloudEvent<Command>): Promise<void> => {
    const at = new Date();
    await publish(subjects.event('gitlab', 'trigger.accepted'), cloudEvent<TriggerResult>({
      id: `${id}:accepted`, source: '/services/gitlab-connector', type: 'trigger.accepted', subject: id, time: at, correlationId: data.run, causationId: id,
      data: {
        command: id, run: data.run, flow: data.flow, step: data.step, purpose: data.purpose, connection: data.connection, platform: data.platform, occurredAt: at.toISOString(),
        platformRun: { id, attempt: 1 }, platformRunKey: platformRunKey(GITLAB, 'any', id), followed: true,
      },
    }));
    await told('gitlab', id, {});
  };

  let seen = 0;
  /** Commands that have come since the call before. */
  const commands = async (): Promise<CloudEvent<Command>[]> => {
    const { state } = await manager.streams.info('COMMANDS');
    const found: CloudEvent<Command>[] = [];
    for (; seen < state.last_seq; seen += 1) {
      const message = await manager.streams.getMessage('COMMANDS', { seq: seen + 1 });
      if (message) found.push(JSON.parse(Buffer.from(message.data).toString('utf8')) as CloudEvent<Command>);
    }
    return found;
  };

  /** True when the router has handled all that was published. */
  const isQuiet = async (): Promise<boolean> => {
    const { num_pending, num_ack_pending, delivered } = await manager.consumers.info('EVENTS', 'router-events');
    return delivered.stream_seq >= published && num_pending === 0 && num_ack_pending === 0;
  };

  const stop = async (): Promise<void> => {
    router.kill('SIGTERM');
    await once(router, 'exit');
    await counter.close();
    await connection.close();
    await Promise.all([nats.stop(), postgres.stop(), config.remove()]);
  };

  return { pid: router.pid!, counter, told, carryOut, commands, isQuiet, stop };
};

export type LoneRouter = Awaited<ReturnType<typeof startLoneRouter>>;
