import { consumersOfRig, type Rig } from '@stellwerk/testing/rig';
import { rssBytesOf } from '@stellwerk/testing/rig';

export interface MemorySample { second: number; megabytes: Record<string, number> }

const LOOK_MS = 2_000;
const MEMORY_MS = 5_000;
/** Unhandled messages, and commands that wait in a connector's own table, from which on nothing new is sent. */
const MOST_LAG = 4_000;
const OPEN = 'SELECT count(*)::int AS n FROM gitlab_connector.dispatches WHERE next_attempt_at IS NOT NULL';

/** Looks at lag and memory while a soak is on. */
export class Watch {
  lag = 0;
  readonly memory: MemorySample[] = [];
  readonly #rig: Rig;
  readonly #began = Date.now();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(rig: Rig) {
    this.#rig = rig;
  }

  get behind(): boolean {
    return this.lag > MOST_LAG;
  }

  start(): void {
    this.#timers.push(setInterval(() => void this.#look(), LOOK_MS), setInterval(() => this.#weigh(), MEMORY_MS));
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  // While broker or database are down the last figure stands.
  async #look(): Promise<void> {
    const looked = await Promise.all([consumersOfRig(this.#rig), this.#rig.query<{ n: number }>(OPEN)]).catch(() => undefined);
    if (!looked) return;
    const [consumers, [open]] = looked;
    this.lag = consumers.reduce((sum, { pending }) => sum + pending, open?.n ?? 0);
  }

  #weigh(): void {
    const megabytes: Record<string, number> = {};
    const weigh = (name: string, pid: () => number): void => {
      try {
        megabytes[name] = Math.round(rssBytesOf(pid()) / 1_000_000);
      } catch {
        // It is being killed right now.
      }
    };
    for (const one of this.#rig.processes) if (one.isRunning) weigh(one.name, () => one.pid);
    weigh('nats', () => this.#rig.nats.pid());
    weigh('simulators', () => this.#rig.platforms.process.pid);
    weigh('driver', () => process.pid);
    this.memory.push({ second: Math.round((Date.now() - this.#began) / 1_000), megabytes });
  }
}

/** Least, middle and most memory of each process in each quarter of the time. */
export const quarters = (samples: readonly MemorySample[]): Record<string, { low: number; middle: number; high: number }[]> => {
  const names = new Set(samples.flatMap(({ megabytes }) => Object.keys(megabytes)));
  const size = Math.ceil(samples.length / 4);
  return Object.fromEntries([...names].map((name) => [name, [0, 1, 2, 3].map((quarter) => {
    const values = samples.slice(quarter * size, (quarter + 1) * size).flatMap(({ megabytes }) => megabytes[name] ?? []).sort((a, b) => a - b);
    return { low: values[0] ?? 0, middle: values[Math.floor(values.length / 2)] ?? 0, high: values.at(-1) ?? 0 };
  })]));
};
