import { freePort } from '@stellwerk/local-servers';
import type { ServiceName } from '@stellwerk/contracts';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '@stellwerk/service-kit/node-flags';
import { join } from 'node:path';
import { RIG_SECRETS } from './platform-catalog.js';
import type { Rig } from './rig.js';
import { ServiceProcess } from './service-process.js';

const nodeArgsOf = ({ nodeArgs }: Rig['options'], service: ServiceName): readonly string[] => {
  if (nodeArgs === undefined) return [];
  return 'length' in nodeArgs ? nodeArgs as readonly string[] : (nodeArgs as Partial<Record<ServiceName, readonly string[]>>)[service] ?? [];
};

/** The addresses of the servers as this replica sees them, behind its own proxies where there are some. */
const addresses = async (rig: Rig, replica: string): Promise<NodeJS.ProcessEnv> => {
  const database = new URL(rig.databaseUrl);
  const [postgres] = await rig.lines.ports(replica, 'postgres', [rig.postgres.port]);
  database.port = String(postgres);
  const nats = await rig.lines.ports(replica, 'nats', rig.nats.ports);
  return { DATABASE_URL: database.toString(), NATS_URL: nats.map((port) => `nats://127.0.0.1:${port}`).join(',') };
};

/** The replicas of one service, not started yet. A door keeps its port over restarts, as behind a real load balancer. */
export const makeServices = async (rig: Rig, service: ServiceName, count: number, common: NodeJS.ProcessEnv): Promise<ServiceProcess[]> => {
  const replicas: ServiceProcess[] = [];
  for (let n = 1; n <= count; n += 1) {
    const name = `${service}-${n}`;
    const door = service === 'ingress' || service === 'status' ? { [`${service.toUpperCase()}_PORT`]: String(await freePort()) } : {};
    replicas.push(new ServiceProcess({
      name, script: `services/${service}/dist/src/main.js`, nodeArgs: [...NODE_FLAGS, ...nodeArgsOf(rig.options, service)],
      logFile: join(rig.dir, 'logs', `${name}.log`), supervised: rig.options.supervised ?? false,
      env: {
        ...NODE_ENVIRONMENT, ...common, HOST: '127.0.0.1', LOG_LEVEL: 'info', STELLWERK_CONFIG: rig.configDir, STELLWERK_SERVICE: service, ...RIG_SECRETS,
        ...await addresses(rig, name), ...door, ...rig.options.env, ...rig.options.serviceEnv?.[service],
      },
    }));
  }
  return replicas;
};
