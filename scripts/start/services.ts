import { SERVICES, type ServiceName } from '@stellwerk/contracts';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '@stellwerk/service-kit/node-flags';
import type { ConfigNews } from './config-news.ts';
import { checkReady } from './management.ts';
import type { Job } from './jobs.ts';
import type { ProcessSpec } from './process-spec.ts';

export const migrationJobs = (): Job[] =>
  SERVICES.map((service) => ({ name: `migrate-${service}`, script: `services/${service}/dist/src/migrate.main.js` }));

export const declareJob: Job = { name: 'declare', script: 'libs/messaging/dist/declare.main.js' };

const managementPortVariable = (service: ServiceName): string => `${service.replaceAll('-', '_').toUpperCase()}_MANAGEMENT_PORT`;

/** Each service as a process of its own. `env` is what all of them get, `news` hears what they say of their configuration. */
export const serviceSpecs = (root: string, env: NodeJS.ProcessEnv, telemetry: boolean, news: ConfigNews): ProcessSpec[] => SERVICES.map((service) => {
  const port = managementPortVariable(service);
  const own = { ...NODE_ENVIRONMENT, ...env, STELLWERK_SERVICE: service, [port]: env[port] ?? '0' };
  const args = [...NODE_FLAGS, ...(telemetry ? ['--import', './libs/service-kit/telemetry.mjs'] : []), `services/${service}/dist/src/main.js`];
  return {
    name: service, channel: true, readyWithinMs: 180_000, stop: { signal: 'SIGTERM', graceMs: 15_000 },
    command: async () => ({ command: process.execPath, args, cwd: root, env: own }),
    hear: (message) => news.heard(service, message),
    check: async (child) => checkReady((await child.listening).managementPort ?? 0),
  };
});
