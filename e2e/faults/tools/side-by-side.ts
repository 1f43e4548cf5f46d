import type { ServiceName } from '@stellwerk/contracts';
import { freePort } from '@stellwerk/testing';
import { RIG_SECRETS, ServiceProcess, type Rig } from '@stellwerk/testing/rig';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const addresses = (rig: Rig): NodeJS.ProcessEnv => ({ NATS_URL: rig.nats.url, DATABASE_URL: rig.databaseUrl, NATS_REPLICAS: String(rig.options.streamReplicas ?? rig.nats.size) });

/** Runs the declare job of the version in `dir`. */
export const declareFrom = async (rig: Rig, dir: string): Promise<void> => {
  await run(process.execPath, [join(dir, 'libs/messaging/dist/declare.main.js')], { cwd: dir, env: { ...process.env, ...addresses(rig) }, timeout: 60_000 });
};

/** One replica more of a service, from the build in `dir`; it takes its part of the load as soon as it is started. */
export const addReplica = async (rig: Rig, service: ServiceName, dir: string, label: string): Promise<ServiceProcess> => {
  const door = service === 'ingress' || service === 'status' ? { [`${service.toUpperCase()}_PORT`]: String(await freePort()) } : {};
  const one = new ServiceProcess({
    name: `${service}-${label}`, script: join(dir, 'services', service, 'dist/src/main.js'), logFile: join(rig.dir, 'logs', `${service}-${label}.log`), supervised: false,
    env: {
      ...process.env, ...addresses(rig), HOST: '127.0.0.1', LOG_LEVEL: 'info', STELLWERK_CONFIG: rig.configDir, STELLWERK_SERVICE: service,
      [`${service.toUpperCase().replaceAll('-', '_')}_MANAGEMENT_PORT`]: '0', ...RIG_SECRETS, ...door, ...rig.options.env,
    },
  });
  rig.service(service).push(one);
  return one;
};

/** Ends those replicas for good. */
export const removeReplicas = async (rig: Rig, replicas: readonly ServiceProcess[]): Promise<(number | null)[]> => {
  const codes = await Promise.all(replicas.map((one) => one.term()));
  for (const all of Object.values(rig.services)) for (const one of replicas) if (all.includes(one)) all.splice(all.indexOf(one), 1);
  return codes;
};
