import { ended, spawnServer } from '@stellwerk/local-servers';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { waitFor } from '../wait-for.js';
import { cpuSecondsOf, handlesOf, isStopped, rssBytesOf } from './process-figures.js';
import { ROOT } from './root.js';

/** How a process of the rig ended. */
export interface ProcessExit {
  name: string;
  at: Date;
  code: number | null;
  signal: NodeJS.Signals | null;
  /** True when the rig or a failpoint it set has ended it. */
  expected: boolean;
}

export interface OwnProcessSpec {
  /** Unique in the rig, e.g. `router-2`. */
  name: string;
  /** Absolute, or from the repository's folder, e.g. `services/router/dist/src/main.js`. */
  script: string;
  args?: readonly string[];
  nodeArgs?: readonly string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** Started again when it ends without being told to. */
  supervised: boolean;
}

const AGAIN_MS = 250;

/** One real process of ours: started, killed, stopped, continued and measured from outside. */
export class OwnProcess {
  readonly name: string;
  readonly exits: ProcessExit[] = [];
  /** How often it was started. */
  starts = 0;
  protected readonly spec: OwnProcessSpec;
  /** True: it does not come back by itself. */
  protected closed = false;
  #child?: ChildProcess;
  #mayEnd = false;
  #cpuBefore = 0;

  constructor(spec: OwnProcessSpec) {
    this.spec = spec;
    this.name = spec.name;
  }

  get pid(): number {
    if (!this.#child?.pid) throw new Error(`${this.name} was not started yet`);
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Since the rig began, over restarts; what a process used in its last moments before a kill is not counted. */
  cpuSeconds(): number {
    return this.#cpuBefore + (this.isRunning ? cpuSecondsOf(this.pid) : 0);
  }

  rssBytes(): number {
    return rssBytesOf(this.pid);
  }

  handles(): number {
    return handlesOf(this.pid);
  }

  /** SIGKILL; resolves when it is gone. A supervised one comes back. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** SIGTERM, and waits for the end; gives the exit code. */
  async term(): Promise<number | null> {
    await this.end('SIGTERM');
    return this.exits.at(-1)?.code ?? null;
  }

  pause(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  resume(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** Resolves when it has ended, e.g. at its failpoint. */
  async dead(timeoutMs = 30_000): Promise<void> {
    await waitFor(() => !this.isRunning, { what: `${this.name} to end`, timeoutMs, everyMs: 10 });
  }

  /** Resolves when it stands still, e.g. at a failpoint with `:stop`; `resume` lets it go on. */
  async stopped(timeoutMs = 30_000): Promise<void> {
    await waitFor(() => isStopped(this.pid), { what: `${this.name} to stand still`, timeoutMs, everyMs: 10 });
  }

  /** Ends it; with `stay` also a supervised one stays away. One that does not go within `graceMs` is killed. */
  protected async end(signal: NodeJS.Signals, { stay = false, graceMs }: { stay?: boolean; graceMs?: number } = {}): Promise<void> {
    const child = this.#child;
    if (!child || !this.isRunning) return;
    this.#mayEnd = true;
    this.#cpuBefore += cpuSecondsOf(this.pid);
    const before = this.closed;
    this.closed ||= stay;
    child.kill(signal);
    const late = graceMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended(child);
    clearTimeout(late);
    this.closed = before;
  }

  /** `extra`: variables of this life. */
  protected spawn(extra: NodeJS.ProcessEnv): ChildProcess {
    const { script, args = [], nodeArgs = [], env, logFile } = this.spec;
    const output = openSync(logFile, 'a');
    const child = spawnServer(
      { command: process.execPath, args: [...nodeArgs, script, ...args], cwd: ROOT, env: { ...env, ...extra } }, ['ignore', output, output, 'ipc']);
    closeSync(output);
    this.starts += 1;
    this.#child = child;
    this.#mayEnd = extra.FAILPOINT !== undefined;
    child.once('exit', (code, signal) => this.#ended(code, signal));
    return child;
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.exits.push({ name: this.name, at: new Date(), code, signal, expected: this.#mayEnd });
    if (!this.spec.supervised || this.closed) return;
    setTimeout(() => { if (!this.closed && !this.isRunning) this.spawn({}); }, AGAIN_MS);
  }
}
