import { ended, spawnServer, stopServer, untilReachable, type ServerCommand } from '@stellwerk/local-servers';
import type { ConfigTold } from '@stellwerk/service-kit';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { nextDelay } from './back-off.ts';
import { ConfigRefused, StartFailed } from './errors.ts';
import type { LogFile } from './log-file.ts';
import { mainLine, tellingLines } from './log-lines.ts';
import { pidIdentity } from './pid-identity.ts';
import type { Listening, ProcessSpec } from './process-spec.ts';
import type { ProcessTable } from './process-table.ts';

const CONFIG_REFUSED = 2;
/** One that never was ready and ended as often will not be helped by further starts. */
const MOST_STARTS = 5;

interface Deps {
  readonly table: ProcessTable;
  readonly log: LogFile;
  readonly say: (line: string) => void;
}

/** Keeps one process alive: starts it, says when it died, starts it again after a while, until it is told to stop. */
export class SupervisedProcess {
  readonly spec: ProcessSpec;
  readonly #deps: Deps;
  readonly #stopping = new AbortController();
  readonly #ready = Promise.withResolvers<void>();
  #child: ChildProcess | undefined;
  #life: Promise<void> = Promise.resolve();
  #starts = 0;
  #wasReady = false;

  constructor(spec: ProcessSpec, deps: Deps) {
    this.spec = spec;
    this.#deps = deps;
    this.#ready.promise.catch(() => undefined); // Also rejected when nobody waits any more.
  }

  /** Resolves when it is ready for the first time; rejects when its configuration is refused or the time is over. */
  start(): Promise<void> {
    this.#life = this.#live().catch((error: unknown) => this.#ready.reject(error));
    const late = setTimeout(() => this.#ready.reject(this.#notReady(`after ${this.spec.readyWithinMs / 1000} s`)), this.spec.readyWithinMs);
    return this.#ready.promise.finally(() => clearTimeout(late));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#child) await stopServer(this.#child, this.spec.stop.signal, this.spec.stop.graceMs);
    await this.#life;
    this.#deps.table.remove(this.spec.name);
  }

  async #live(): Promise<void> {
    let waited = 0;
    while (!this.#stopping.signal.aborted) {
      const began = Date.now();
      const how = await this.#runOnce();
      if (this.#stopping.signal.aborted) return;
      if (!this.#wasReady && this.#starts >= MOST_STARTS) throw this.#notReady(`after ${this.#starts} starts`);
      waited = nextDelay(waited, Date.now() - began);
      this.#deps.say(`${this.spec.name} ended (${how}); starting it again in ${waited / 1000} s`);
      await delay(waited, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  // Gives how it ended, in words.
  async #runOnce(): Promise<string> {
    const command = await this.spec.command();
    if (this.#stopping.signal.aborted) return 'stopped';
    const child = this.#spawn(command);
    const failure = new Promise<string>((resolve) => child.once('error', (error) => resolve(error.message)));
    const check = this.#untilReady(child);
    const how = await Promise.race([failure, ended(child).then(() => child.signalCode ?? `exit ${child.exitCode}`)]);
    await check;
    this.#child = undefined;
    this.#deps.table.update(this.spec.name, { ready: false });
    if (child.exitCode === CONFIG_REFUSED && !this.#wasReady) throw this.#refused();
    return child.exitCode === null ? how : [how, mainLine(this.#deps.log.tail())].filter(Boolean).join(': ');
  }

  #spawn(command: ServerCommand): ChildProcess {
    const { log, table } = this.#deps;
    const output = log.open();
    try {
      const child = spawnServer(command, ['ignore', output, output, ...(this.spec.channel ? ['ipc' as const] : [])]);
      this.#child = child;
      this.#starts += 1;
      const pid = child.pid ?? 0;
      table.set({ name: this.spec.name, pid, identity: pidIdentity(pid) ?? '', managementPort: null, starts: this.#starts, ready: false });
      return child;
    } finally {
      log.close(output);
    }
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    const { name } = this.spec;
    const listening = this.#listening(child);
    const gone = (): string | undefined => (child.exitCode ?? child.signalCode) === null && child.pid ? undefined : 'ended';
    try {
      await untilReachable(() => this.spec.check({ listening }), name, Number.MAX_SAFE_INTEGER, gone);
    } catch {
      return; // It ended before it was ready, which the life of the process deals with.
    }
    this.#deps.table.update(name, { ready: true });
    if (this.#starts > 1) this.#deps.say(`${name} is ready again`);
    this.#wasReady = true;
    this.#ready.resolve();
  }

  #listening(child: ChildProcess): Promise<Listening> {
    const told = new Promise<Listening>((resolve, reject) => {
      child.once('exit', () => reject(new Error('ended')));
      child.on('message', (message: Listening | ConfigTold) => {
        if (message.event === 'config') return this.spec.hear?.(message);
        this.#deps.table.update(this.spec.name, { managementPort: message.managementPort ?? null });
        resolve(message);
      });
    });
    told.catch(() => undefined); // A server without a channel has nobody who waits for it.
    return told;
  }

  // Its own name adds nothing: several services say the same of the same file.
  #refused(): ConfigRefused {
    return new ConfigRefused(tellingLines(this.#deps.log.tail()).map((line) => line.replace(`${this.spec.name}: `, '')));
  }

  #notReady(when: string): StartFailed {
    const why = tellingLines(this.#deps.log.tail(), 12).map((line) => `  ${line}`);
    return new StartFailed([`${this.spec.name} is not ready ${when}; its log is ${this.#deps.log.path}`, ...why].join('\n'));
  }
}
