import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inRoot } from '../bootstrap/root.mjs';

export const HELP = `npm start                     the demo: simulated GitHub, GitLab and Jenkins, one run through all of them
npm start -- --config DIR     your connections and flows, no simulators

  --config DIR   folder of YAML files (kinds Connection, Flow, Channel, Environment); STELLWERK_CONFIG does the same
  --data DIR     where the state is kept (default: .stellwerk in the project)
  --help         this text

Environment:
  INGRESS_PORT (8080), STATUS_PORT (8081), HOST (127.0.0.1)   the two doors
  NATS_URL, DATABASE_URL                                      use these instead of the embedded servers
  NATS_SERVER                                                 path of a nats-server (2.12 or newer)
  OTEL_EXPORTER_OTLP_ENDPOINT                                 send traces there
  LOG_LEVEL (info)

Exit codes: 0 stopped, 1 failed, 2 the configuration is not valid, and none of the same folder was before.`;

/**
 * @typedef {{ config: string | undefined, data: string, help: boolean }} StartOptions
 *
 * @param {string[]} args
 * @param {string} cwd folders are relative to it
 * @returns {StartOptions | { fault: string }}
 */
export const parseOptions = (args, cwd) => {
  try {
    const { values } = parseArgs({ args, options: { config: { type: 'string' }, data: { type: 'string' }, help: { type: 'boolean', default: false } } });
    const wanted = values.config ?? (process.env.STELLWERK_CONFIG || undefined);
    const config = wanted === undefined ? undefined : resolve(cwd, wanted);
    if (config !== undefined && !(existsSync(config) && statSync(config).isDirectory())) return { fault: `the config directory ${config} does not exist` };
    return { config, data: values.data === undefined ? inRoot('.stellwerk') : resolve(cwd, values.data), help: values.help ?? false };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
};
