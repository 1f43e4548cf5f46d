import { SERVICES, type ServiceName } from '@stellwerk/contracts';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '@stellwerk/service-kit/node-flags';
import { join } from 'node:path';
import { inRoot, ROOT } from '../../../scripts/bootstrap/root.mjs';
import { Backlog } from '../measure/backlog.ts';
import { processors, runJob, startNode, type Child, type Listening } from './child.ts';
import { SECRETS, writeResources, type FlowSet } from './resources.ts';
import { startNats, startPostgres, type Server } from './servers.ts';
import { benchFolder, type System } from './system.ts';

export interface StackOptions {
  readonly set: FlowSet;
  /** Flows loaded. */
  readonly flows: number;
  /** Have a second connection, whose platform can be made to hang. */
  readonly neighbour: boolean;
  /** Processes of each service. */
  readonly replicas: number;
  readonly syncAlways: boolean;
  /** Load pg_stat_statements. */
  readonly statements: boolean;
  /** Further variables of the services, tracing for one. */
  readonly env: NodeJS.ProcessEnv;
  /** Services can be profiled. */
  readonly profiled: boolean;
}

export const PLAIN: StackOptions = { set: 'one-step', flows: 10, neighbour: false, replicas: 1, syncAlways: false, statements: false, profiled: false, env: {} };

/** All of Stellwerk, its servers, the platform and the driver. */
export interface Stack extends System {
  readonly dir: string;
  readonly postgres: Server;
  readonly backlog: Backlog;
  readonly services: readonly (Child & { service: ServiceName; managementPort: number; listening: Listening })[];
}

/** How long a platform's run takes. */
const RUN_MS = 500;
const DRAIN_SECONDS = 180;

const inBatches = async <T>(size: number, work: readonly (() => Promise<T>)[]): Promise<T[]> => {
  const results: T[] = [];
  for (let at = 0; at < work.length; at += size) results.push(...await Promise.all(work.slice(at, at + size).map((start) => start())));
  return results;
};

const portVariable = (service: string): string => `${service.replaceAll('-', '_').toUpperCase()}_MANAGEMENT_PORT`;

const startServices = async (dir: string, env: NodeJS.ProcessEnv, options: StackOptions): Promise<Stack['services']> => {
  const wanted = SERVICES.flatMap((service) => Array.from({ length: options.replicas }, (_, n) => ({ service, n })));
  return inBatches(processors, wanted.map(({ service, n }) => async () => {
    const profiled = options.profiled ? ['--import', './bench/src/measure/profile-on-signal.mjs'] : [];
    const traced = env['OTEL_EXPORTER_OTLP_ENDPOINT'] ? ['--import', './libs/service-kit/telemetry.mjs'] : [];
    const name = options.replicas > 1 ? `${service}-${n + 1}` : service;
    const child = await startNode(name, [...NODE_FLAGS, ...profiled, ...traced, `services/${service}/dist/src/main.js`],
      { ...NODE_ENVIRONMENT, ...env, STELLWERK_SERVICE: service, [portVariable(service)]: '0', PROFILE_DIR: dir }, { cwd: ROOT, logFile: join(dir, `${name}.log`) });
    return { ...child, service, managementPort: child.listening.managementPort! };
  }));
};

const untilReady = async (services: Stack['services']): Promise<void> => {
  for (const { name, managementPort } of services) {
    for (let tries = 0; ; tries += 1) {
      const response = await fetch(`http://127.0.0.1:${managementPort}/readyz`);
      const text = await response.text();
      if (response.ok) break;
      if (tries > 300) throw new Error(`${name} is not ready: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
};

const jobs = (env: NodeJS.ProcessEnv, dir: string): (() => Promise<void>)[] => [
  { name: 'declare', script: 'libs/messaging/dist/declare.main.js' },
  ...SERVICES.map((service) => ({ name: `migrate-${service}`, script: `services/${service}/dist/src/migrate.main.js` })),
].map(({ name, script }) => () => runJob(name, [script], env, { cwd: ROOT, logFile: join(dir, `${name}.log`) }));

/** Starts servers, platform, driver and services, and waits until all are ready. */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const folder = await benchFolder();
  const { dir } = folder;
  const keep = <T extends Child>(child: T): T => (folder.started.push(child), child);
  try {
    const node = (name: string, script: string) => startNode(name, [script], process.env, { cwd: ROOT, logFile: join(dir, `${name}.log`) });
    const nats = keep(await startNats(dir, options));
    const postgres = keep(await startPostgres(dir, options));
    const platform = keep(await node('platform', 'bench/src/platform/platform.main.ts'));
    const driver = keep(await node('driver', 'bench/src/load/driver.main.ts'));
    const platformUrl = `http://127.0.0.1:${platform.listening.port}`;
    const env = {
      ...process.env, ...SECRETS, NATS_URL: nats.url, DATABASE_URL: postgres.url, INGRESS_PORT: '0', STATUS_PORT: '0', HOST: '127.0.0.1',
      NODE_COMPILE_CACHE: inRoot('.stellwerk', 'cache', 'compiled'), STELLWERK_CONFIG: await writeResources(dir, { platformUrl, ...options }), ...options.env,
    };
    await inBatches(processors, jobs(env, dir));
    const services = await startServices(dir, env, options);
    services.forEach(keep);
    await untilReady(services);
    const target = { ports: services.filter(({ service }) => service === 'ingress').map(({ listening }) => listening.doorPort!), path: '/hooks/github', secret: SECRETS.BENCH_HOOK_SECRET };
    await platform.ask({ order: 'hooks', runMs: RUN_MS, ...(options.set === 'one-step' ? {} : { target, stepsPerFlow: 3 }) });
    const backlog = await Backlog.of(nats.url);
    return {
      dir, postgres, services, backlog, platform, driver, target, platformPort: platform.listening.port!,
      behind: services.filter(({ service }) => service !== 'ingress'),
      measured: [
        ...services.map(({ service, pid }) => ({ label: service, pid })),
        ...[nats, platform, driver].map(({ name, pid }) => ({ label: name, pid })), { label: 'postgres', pid: postgres.pid, family: true },
      ],
      check: folder.check,
      untilDone: () => backlog.untilEmpty(DRAIN_SECONDS),
      stop: async () => {
        await backlog.close();
        await folder.stop();
      },
    };
  } catch (error) {
    await folder.stop();
    throw error;
  }
};
