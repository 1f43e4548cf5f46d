import { SERVICES } from '@stellwerk/contracts';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '../temp-dir.js';
import { startTestPostgres } from '../test-postgres.js';
import { HookDriver } from './driver/hook-driver.js';
import { Ledger } from './driver/ledger.js';
import { GithubPayloads } from './driver/payload.js';
import { Random } from './driver/random.js';
import { Front } from './front.js';
import { declareStreams, migrateAll } from './jobs.js';
import { Lines } from './lines.js';
import { startNatsServers } from './nats-servers.js';
import { DEFAULT_SERVICES, type RigOptions } from './options.js';
import { RIG_CATALOG, RIG_SECRETS } from './platform-catalog.js';
import { RIG_PLATFORMS, preparePlatforms } from './platforms.js';
import { RIG_FLOWS, connectionResource } from './resources.js';
import { Rig } from './rig.js';
import { makeServices } from './services.js';

const folder = async (): Promise<string> => {
  const { path } = await tempDir('rig');
  chmodSync(path, 0o711);
  for (const name of ['logs', 'config', 'platforms', 'nats', 'cache']) mkdirSync(join(path, name));
  return path;
};

// Commits reach the system, which outlives a SIGKILL of every process, but not the disk. Without `synchronous_commit` a killed
// server would forget what it had confirmed: a fault that no promise covers.
const FAST = { fsync: 'off', full_page_writes: 'off' };

const servers = async (options: RigOptions): Promise<Rig> => {
  const dir = await folder();
  const [nats, postgres] = await Promise.all([
    startNatsServers(join(dir, 'nats'), { nodes: 1, ...options.nats }),
    startTestPostgres({ ...(options.postgres === 'durable' ? {} : FAST), ...options.postgresSettings }),
  ]);
  const seed = options.seed ?? Math.floor(Math.random() * 1_000_000);
  const lines = new Lines(options.proxied ?? []);
  return new Rig({ dir, options, seed, nats, postgres, lines, databaseUrl: await postgres.createDatabase() });
};

const writeConfig = async (rig: Rig): Promise<void> => {
  for (const platform of RIG_PLATFORMS) {
    const url = `http://127.0.0.1:${await rig.lines.platform(platform, rig.platforms[platform].port)}`;
    rig.put(connectionResource(platform, url, rig.options.connections?.[platform]));
  }
  for (const resource of rig.options.resources ?? RIG_FLOWS) rig.put(resource);
};

const addDriver = async (rig: Rig): Promise<void> => {
  const random = new Random(rig.seed);
  const githubUrl = `http://127.0.0.1:${await rig.lines.platform('github', rig.platforms.github.port)}`;
  const payloads = new GithubPayloads({ githubUrl, secret: RIG_SECRETS.GITHUB_HOOK_SECRET }, random);
  rig.driver = new HookDriver({ doors: () => rig.front.doors(), payloads, random, ledger: new Ledger(join(rig.dir, 'ledger.jsonl')) });
};

/** Starts it all and resolves when every service is ready. The builds of the services are run: `dist` has to be there. */
export const startRig = async (options: RigOptions = {}): Promise<Rig> => {
  const rig = await servers(options);
  try {
    rig.front = new Front(() => rig.services.ingress ?? []);
    await rig.front.listen();
    const publicHooks = options.publicHooks ? { PUBLIC_HOOKS_URL: `${rig.front.url}/hooks` } : {};
    const env = { ...process.env, ...publicHooks, NATS_URL: rig.nats.url, DATABASE_URL: rig.databaseUrl, NATS_REPLICAS: String(options.streamReplicas ?? rig.nats.size), NODE_COMPILE_CACHE: join(rig.dir, 'cache') };
    await Promise.all([declareStreams(env), migrateAll(rig.databaseUrl)]);
    const wanted = options.services ?? DEFAULT_SERVICES;
    for (const name of SERVICES) if (wanted[name]) rig.services[name] = await makeServices(rig, name, wanted[name], env);
    rig.platforms = await preparePlatforms(join(rig.dir, 'platforms'), `${rig.front.url}/hooks`, { runMilliseconds: 300, catalog: RIG_CATALOG, more: {}, ...options.platforms });
    await Promise.all([rig.platforms.start(), writeConfig(rig)]);
    await addDriver(rig);
    await rig.startAll();
    return rig;
  } catch (error) {
    const kept = rig.keep();
    await rig.close();
    throw new Error(`the rig did not start (logs in ${kept}): ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
};
