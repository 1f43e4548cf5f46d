import { setTimeout as delay } from 'node:timers/promises';
import type { DataDir } from './data-dir.ts';
import { ConfigRefused } from './errors.ts';
import { LogFile } from './log-file.ts';
import type { ProcessSpec } from './process-spec.ts';
import { ProcessTable } from './process-table.ts';
import { endStaleProcesses } from './stale-processes.ts';
import { SupervisedProcess } from './supervised-process.ts';

const CAP_EVERY_MS = 10_000;
/** How long the others may take to refuse the configuration too. */
const REFUSALS_MS = 20_000;

// Each service looks at what it needs of the configuration, its secrets above all: every fault is the faults of all of them.
const allRefusals = async (starts: readonly Promise<void>[]): Promise<ConfigRefused> => {
  const faults = new Set<string>();
  const collected = starts.map((start) => start.catch((error: unknown) => {
    if (error instanceof ConfigRefused) error.faults.forEach((fault) => faults.add(fault));
  }));
  await Promise.race([Promise.all(collected), delay(REFUSALS_MS, undefined, { ref: false })]);
  return new ConfigRefused([...faults].sort());
};

/** All children, in the order they were started; they are stopped group by group the other way round. */
export class Supervisor {
  readonly #table: ProcessTable;
  readonly #data: DataDir;
  readonly #say: (line: string) => void;
  readonly #groups: SupervisedProcess[][] = [];
  readonly #logs: LogFile[] = [];
  readonly #capping: NodeJS.Timeout;
  #stopped = false;

  constructor(data: DataDir, say: (line: string) => void) {
    this.#data = data;
    this.#say = say;
    this.#table = new ProcessTable(data.file('processes.json'));
    this.#capping = setInterval(() => this.#logs.forEach((log) => log.capSize()), CAP_EVERY_MS).unref();
  }

  /** Ends what an earlier supervisor that was killed left behind. */
  async cleanUp(): Promise<void> {
    const ended = await endStaleProcesses(this.#data.file('processes.json'));
    if (ended.length > 0) this.#say(`ended what the last start left running: ${ended.join(', ')}`);
  }

  /** Starts them at once; resolves when all are ready. */
  async start(specs: readonly ProcessSpec[]): Promise<void> {
    if (this.#stopped) throw new Error(`asked to start ${specs.map(({ name }) => name).join(', ')} while stopping`);
    const group = specs.map((spec) => {
      const log = new LogFile(this.#data.log(spec.name));
      this.#logs.push(log);
      return new SupervisedProcess(spec, { table: this.#table, log, say: this.#say });
    });
    this.#groups.push(group);
    const starts = group.map((child) => child.start());
    await Promise.all(starts).catch(async (error: unknown) => {
      throw error instanceof ConfigRefused ? await allRefusals(starts) : error;
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#capping);
    for (const group of this.#groups.reverse()) await Promise.all(group.map((child) => child.stop()));
  }
}
