import { freePort } from '@stellwerk/local-servers';
import type { Fault, HookFaults, JournalEntry, PlannedOutcome } from '@stellwerk/simulators';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlatformCatalog } from './platform-catalog.js';
import { ServiceProcess } from './service-process.js';
import { waitFor } from '../wait-for.js';
import type { SimulatorsPlan } from './simulators.main.js';

export const RIG_PLATFORMS = ['github', 'gitlab', 'jenkins'] as const;

export type RigPlatform = (typeof RIG_PLATFORMS)[number];

/** One simulated platform, steered over HTTP and read from its journal. */
export class PlatformHandle {
  readonly name: RigPlatform;
  readonly port: number;
  readonly journalFile: string;

  constructor(name: RigPlatform, port: number, journalFile: string) {
    this.name = name;
    this.port = port;
    this.journalFile = journalFile;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Every request and hook so far, as on disk; also when the process is dead or paused. */
  journal(): JournalEntry[] {
    return readFileSync(this.journalFile, 'utf8').split('\n').filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as JournalEntry);
  }

  addFaults(...faults: Fault[]): Promise<void> {
    return this.#ask('POST', '/faults', faults);
  }

  clearFaults(): Promise<void> {
    return this.#ask('DELETE', '/faults');
  }

  /** How its webhooks get lost or mixed up; `clearHookFaults` ends it. */
  hookFaults(faults: HookFaults): Promise<void> {
    return this.#ask('POST', '/hooks', faults);
  }

  clearHookFaults(): Promise<void> {
    return this.#ask('DELETE', '/hooks');
  }

  /** How runs of a pipeline end; keys as in the simulators: `owner/name/file.yml`, `group/project`, `folder/job`. */
  outcomes(key: string, plan: { next?: (string | PlannedOutcome)[]; always?: string | PlannedOutcome }): Promise<void> {
    return this.#ask('POST', '/outcomes', { key, ...plan });
  }

  /** Its runs as its own API shows them. */
  async runs<T = Record<string, unknown>>(): Promise<T[]> {
    return (await this.#ask<{ items: T[] }>('GET', '/runs')).items;
  }

  async #ask<T = void>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/_simulator${path}`, {
      method, signal: AbortSignal.timeout(10_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`${this.name} simulator: ${method} ${path} answered ${response.status}: ${await response.text()}`);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}

export interface PlatformOptions {
  /** From created to ended, for runs nothing else is said of. */
  runMilliseconds: number;
  catalog: PlatformCatalog;
  more: SimulatorsPlan['more'];
}

/** The simulated GitHub, GitLab and Jenkins, in one process of their own. */
export class RigPlatforms {
  readonly process: ServiceProcess;
  readonly github: PlatformHandle;
  readonly gitlab: PlatformHandle;
  readonly jenkins: PlatformHandle;

  constructor(process: ServiceProcess, handles: Record<RigPlatform, PlatformHandle>) {
    this.process = process;
    this.github = handles.github;
    this.gitlab = handles.gitlab;
    this.jenkins = handles.jenkins;
  }

  get all(): PlatformHandle[] {
    return [this.github, this.gitlab, this.jenkins];
  }

  /** Starts, or after a kill goes on from what is on disk. */
  async start(): Promise<void> {
    await this.process.start({ ready: false });
    await waitFor(() => fetch(`${this.jenkins.url}/_simulator`).then(({ ok }) => ok), { what: 'the simulators to listen', timeoutMs: 60_000 });
  }
}

// The build's file also when this one runs from the sources: a child process knows no source condition.
const MAIN = fileURLToPath(new URL('../../dist/rig/simulators.main.js', import.meta.url));

/** Lays out the simulators in `dir`; they do not run yet. */
export const preparePlatforms = async (dir: string, hooksUrl: string, options: PlatformOptions): Promise<RigPlatforms> => {
  const ports = { github: await freePort(), gitlab: await freePort(), jenkins: await freePort() };
  const plan: SimulatorsPlan = { ports, directory: dir, hooksUrl, ...options };
  const file = join(dir, 'simulators.json');
  writeFileSync(file, JSON.stringify(plan));
  const process = new ServiceProcess({ name: 'simulators', script: MAIN, args: [file], env: {}, logFile: join(dir, 'simulators.log'), supervised: false });
  const handle = (name: RigPlatform): PlatformHandle => new PlatformHandle(name, ports[name], join(dir, `${name}.jsonl`));
  return new RigPlatforms(process, { github: handle('github'), gitlab: handle('gitlab'), jenkins: handle('jenkins') });
};
