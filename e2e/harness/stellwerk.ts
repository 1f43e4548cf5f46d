import { freePort, tempDir, waitFor } from '@stellwerk/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeConfigDirs } from './config-dir.js';
import { StartOutput } from './start-output.js';

export interface StartOptions {
  /** Config directory; without one it is the demo. */
  config?: string;
  /** Data directory; a temporary one when absent. */
  data?: string;
  env?: NodeJS.ProcessEnv;
}

export interface ProcessSeen {
  name: string;
  pid: number;
  managementPort: number | null;
  starts: number;
  ready: boolean;
}

const START = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));
const READY = /^Stellwerk is ready: hooks (\S+)\/hooks\/<connection>, dashboard (\S+)$/;
const READY_WITHIN_MS = 150_000;
const STOP_WITHIN_MS = 60_000;

const started = new Set<Stellwerk>();

/** A running `npm start`, seen from outside. */
export class Stellwerk {
  readonly data: string;
  readonly output: StartOutput;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(child: ChildProcess, data: string) {
    this.#child = child;
    this.data = data;
    this.output = new StartOutput(child);
    this.#ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    started.add(this);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Of the supervisor, which is a child of the script of `npm start`. */
  get supervisorPid(): number {
    return (JSON.parse(readFileSync(join(this.data, 'start.lock'), 'utf8')) as { pid: number }).pid;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The two addresses of the ready line. */
  async ready(): Promise<{ ingressUrl: string; statusUrl: string }> {
    const [, ingressUrl, statusUrl] = READY.exec(await this.output.line(READY, READY_WITHIN_MS, () => !this.isRunning))!;
    return { ingressUrl: ingressUrl!, statusUrl: statusUrl! };
  }

  /** GET of the status API, as JSON. */
  async api<T = Record<string, unknown>>(path: string): Promise<T> {
    const { statusUrl } = await this.ready();
    const response = await fetch(`${statusUrl}${path}`, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
    return await response.json() as T;
  }

  /** POST to the status API; gives the status of its answer. */
  async order(path: string, body: unknown): Promise<number> {
    const { statusUrl } = await this.ready();
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(10_000) };
    return (await fetch(`${statusUrl}${path}`, init)).status;
  }

  processes(): ProcessSeen[] {
    const file = join(this.data, 'processes.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as ProcessSeen[] : [];
  }

  process(name: string): ProcessSeen {
    const found = this.processes().find((one) => one.name === name);
    if (!found) throw new Error(`no process "${name}"; there are ${this.processes().map((one) => one.name).join(', ')}`);
    return found;
  }

  /** SIGKILL of one child by its name. Resolves when the supervisor has it ready again, or at once when `andWait` is false. */
  async kill(name: string, andWait = true): Promise<void> {
    const before = this.process(name);
    process.kill(before.pid, 'SIGKILL');
    if (!andWait) return;
    await waitFor(() => {
      const now = this.processes().find((one) => one.name === name);
      return now !== undefined && now.pid !== before.pid && now.ready;
    }, { what: `${name} to be ready again`, timeoutMs: 60_000 });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** The exit code; undefined when it does not end in time. */
  ended(timeoutMs = STOP_WITHIN_MS): Promise<number | null | undefined> {
    let timer: NodeJS.Timeout;
    const late = new Promise<undefined>((resolve) => { timer = setTimeout(() => resolve(undefined), timeoutMs); });
    return Promise.race([this.#ended, late]).finally(() => clearTimeout(timer));
  }

  /** As Ctrl-C does; the exit code. */
  async stop(): Promise<number | null> {
    if (this.isRunning) this.signal('SIGINT');
    const code = await this.ended();
    if (code !== undefined) return code;
    const left = this.processes().map(({ pid }) => pid);
    for (const pid of [this.pid, ...left]) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    throw new Error(`it did not stop within ${STOP_WITHIN_MS / 1000} s; printed:\n${this.output.text}`);
  }
}

/** Whether a process with that number runs. */
export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // ESRCH: no such process.
  }
};

/** A folder Postgres can reach when the tests run as root. */
export const dataDir = async (): Promise<string> => {
  const { path } = await tempDir('data');
  await chmod(path, 0o711);
  return path;
};

/** Runs the script of `npm start` on free ports. Does not wait: see `ready()`. */
export const startStellwerk = async ({ config, data, env = {} }: StartOptions = {}): Promise<Stellwerk> => {
  const folder = data ?? await dataDir();
  const args = [START, '--data', folder, ...(config === undefined ? [] : ['--config', config])];
  const ports = { INGRESS_PORT: String(await freePort()), STATUS_PORT: String(await freePort()) };
  const child = spawn(process.execPath, args, { env: { ...process.env, ...ports, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Stellwerk(child, folder);
};

/** For `afterEach`/`afterAll`: stops what still runs, removes the state and the config directories. */
export const stopEverything = async (): Promise<void> => {
  const all = [...started];
  started.clear();
  const results = await Promise.allSettled(all.map((one) => one.stop()));
  await Promise.all(all.map(({ data }) => rm(data, { recursive: true, force: true })));
  removeConfigDirs();
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
};
