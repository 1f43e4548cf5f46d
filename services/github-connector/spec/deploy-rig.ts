import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { TOKEN, type Rig } from '@stellwerk/connector-kit/conformance';
import { cloudEvent, factOf, instanceOrigin, type PlatformEvent } from '@stellwerk/contracts';

const ROUTER = resolve(import.meta.dirname, '../../router');

const run = (what: string, args: string[], env?: NodeJS.ProcessEnv): void => {
  const ended = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 240_000, env });
  if (ended.status !== 0) throw new Error(`${what} failed:\n${ended.stdout}${ended.stderr}`);
};

/** The real router beside the connector of a rig, on its broker, database and configuration. @returns how to end it */
export const startRouter = async (rig: Rig, flows: string): Promise<() => Promise<void>> => {
  run('building the router', [resolve(ROUTER, '../../node_modules/typescript-7/bin/tsc'), '-b', ROUTER]);
  await writeFile(join(rig.dir, 'config', 'flows.yaml'), flows);
  const env = {
    PATH: process.env.PATH, NATS_URL: rig.natsUrl, DATABASE_URL: rig.databaseUrl, STELLWERK_CONFIG: join(rig.dir, 'config'), HOST: '127.0.0.1', PLATFORM_TOKEN: TOKEN,
    LOG_LEVEL: process.env.CONFORMANCE_LOG ?? 'error', ROUTER_MANAGEMENT_PORT: '0', ROUTER_SWEEP_MILLISECONDS: '100',
  };
  run('migrating the router', [join(ROUTER, 'dist/src/migrate.main.js')], env);
  const child: ChildProcess = spawn(process.execPath, [join(ROUTER, 'dist/src/main.js')], { env, stdio: ['ignore', process.env.CONFORMANCE_LOG ? 'inherit' : 'ignore', 'inherit', 'ipc'] });
  await Promise.race([once(child, 'message'), once(child, 'exit').then(([code]) => { throw new Error(`the router ended with ${code} before it listened`); })]);
  return async () => {
    const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGTERM');
    await exited;
  };
};

/** A run of CI on `main` that somebody's push started has ended well, as ingress tells it. */
export const ciEnded = async (rig: Rig, connection: string, sha: string): Promise<void> => {
  const fact = factOf({ origin: instanceOrigin('github', rig.platform.url), repository: 'acme/shop', kind: 'pipelinerun', id: sha, attempt: 1, predicate: 'finished' });
  await rig.hook(cloudEvent<PlatformEvent>({
    id: `${connection}:${sha}:pipelinerun.finished`, source: `/connections/${connection}`, type: 'pipelinerun.finished', subject: sha, time: new Date(), correlationId: sha, causationId: sha, fact,
    data: { connection, platform: 'github', repository: 'acme/shop', branch: 'main', sha, pipeline: 'CI', outcome: 'success', run: { id: sha, attempt: 1 }, occurredAt: new Date().toISOString() },
  }));
};
