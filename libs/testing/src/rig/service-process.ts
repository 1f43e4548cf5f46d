import type { ChildProcess } from 'node:child_process';
import { waitFor } from '../wait-for.js';
import { OwnProcess } from './own-process.js';

export interface StartOptions {
  /** For this start only, e.g. `{ FAILPOINT: 'router.after-commit' }`. */
  env?: NodeJS.ProcessEnv;
  /** False: do not wait for readiness, e.g. while a server is away. */
  ready?: boolean;
}

interface Listening { event: 'listening'; managementPort?: number; doorPort?: number }

const READY_MS = 60_000;
const CLOSE_MS = 10_000;

/** A process of one of our services, which tells its ports and whether it can work. */
export class ServiceProcess extends OwnProcess {
  #listening?: Listening;

  get managementPort(): number {
    return this.#port('managementPort');
  }

  /** Of ingress and status. */
  get doorPort(): number {
    return this.#port('doorPort');
  }

  /** Spawns it and waits until it is ready. */
  async start({ env = {}, ready = true }: StartOptions = {}): Promise<void> {
    this.spawn(env);
    if (ready) await this.ready();
  }

  /** Resolves when it says it can work. */
  async ready(timeoutMs = READY_MS): Promise<void> {
    await waitFor(async () => {
      if (!this.isRunning && !this.spec.supervised) throw new Error(`it ended (see ${this.spec.logFile})`);
      return this.isReady();
    }, { what: `${this.name} to be ready (log: ${this.spec.logFile})`, timeoutMs, everyMs: 50 });
  }

  /** Whether /readyz says yes now. */
  async isReady(): Promise<boolean> {
    if (!this.isRunning || !this.#listening?.managementPort) return false;
    return fetch(`http://127.0.0.1:${this.#listening.managementPort}/readyz`, { signal: AbortSignal.timeout(3_000) }).then(({ ok }) => ok, () => false);
  }

  /** Text of /metrics. */
  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.managementPort}/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
  }

  /** Kills it (or ends it gently) when it runs, and starts it, with further variables for this life. */
  async restart(options: StartOptions & { gently?: boolean } = {}): Promise<void> {
    if (this.isRunning) await this.end(options.gently ? 'SIGTERM' : 'SIGKILL', { stay: true });
    await this.start(options);
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    this.closed = true;
    if (!this.isRunning) return;
    this.resume();
    await this.end('SIGTERM', { graceMs: CLOSE_MS });
  }

  protected override spawn(extra: NodeJS.ProcessEnv): ChildProcess {
    this.#listening = undefined;
    const child = super.spawn(extra);
    child.on('message', (message: Listening) => {
      if (message.event === 'listening') this.#listening = message;
    });
    return child;
  }

  #port(which: 'managementPort' | 'doorPort'): number {
    const port = this.#listening?.[which];
    if (!port) throw new Error(`${this.name} has not told its ${which} yet`);
    return port;
  }
}
