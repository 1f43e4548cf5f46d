import type { ServiceName } from '@stellwerk/contracts';
import { envPrefix, readInteger, readOptionalText, readText, type Env } from './env.js';
import { ConfigFault } from './errors.js';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** What every service reads, whatever its subject. */
export interface ServiceConfig {
  name: ServiceName;
  logLevel: string;
  managementHost: string;
  /** 0 = a free one. */
  managementPort: number;
  managementPortVariable: string;
  tls?: { certFile: string; keyFile: string };
  /** How long it goes on answering after readiness went off, so that load balancers notice. */
  shutdownDelayMs: number;
}

/** Throws ConfigFault. */
export function serviceConfig(name: ServiceName, env: Env = process.env): ServiceConfig {
  const managementPortVariable = `${envPrefix(name)}_MANAGEMENT_PORT`;
  return {
    name,
    logLevel: logLevel(env),
    managementHost: readText(env, 'MANAGEMENT_HOST', readText(env, 'HOST', '127.0.0.1')),
    managementPort: readInteger(env, managementPortVariable, 0, { min: 0, max: 65_535 }),
    managementPortVariable,
    tls: tlsFiles(env),
    shutdownDelayMs: readInteger(env, 'SHUTDOWN_DELAY_SECONDS', 0, { min: 0, max: 60 }) * 1_000,
  };
}

function logLevel(env: Env): string {
  const level = readText(env, 'LOG_LEVEL', 'info');
  if (!LOG_LEVELS.includes(level)) throw new ConfigFault([`LOG_LEVEL is "${level}": expected one of ${LOG_LEVELS.join(', ')}`]);
  return level;
}

function tlsFiles(env: Env): ServiceConfig['tls'] {
  const certFile = readOptionalText(env, 'TLS_CERT_FILE');
  const keyFile = readOptionalText(env, 'TLS_KEY_FILE');
  if (!certFile && !keyFile) return undefined;
  if (certFile && keyFile) return { certFile, keyFile };
  throw new ConfigFault(['TLS_CERT_FILE and TLS_KEY_FILE belong together: only one of them is set']);
}
