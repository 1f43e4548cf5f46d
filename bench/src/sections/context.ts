import { startFloor } from '../floor/floor.ts';
import type { Findings } from '../report/figures.ts';
import type { FlowSet } from '../stack/resources.ts';
import { PLAIN, startStack, type Stack, type StackOptions } from '../stack/stack.ts';
import type { System } from '../stack/system.ts';
import { findSustained, type SystemFigures } from '../measure/find-sustained.ts';
import { paceOf, type Pace } from '../measure/pace.ts';
import { memoryOf, watchMemory } from '../measure/memory.ts';

/** What sections share: where figures go, and measurements more than one of them needs. */
export interface Context {
  readonly findings: Findings;
  readonly full: boolean;
  readonly pace: Pace;
  /** Flows a second of the soak, where it was ordered. */
  readonly soakRate?: number;
  readonly say: (line: string) => void;
  /** The sustained rate of the floor, with the latencies at each rate. */
  floor(): Promise<SystemFigures>;
  /** The same of ours. */
  ours(set: FlowSet): Promise<SystemFigures & { memory: MemoryFigures }>;
}

export interface MemoryFigures {
  /** Megabytes by service. */
  readonly idle: Readonly<Record<string, number>>;
  readonly loaded: Readonly<Record<string, number>>;
}

export const RATES = [10, 50, 100, 200] as const;

/** Runs `work` on a system, and stops it whatever happens. */
export const withSystem = async <S extends System, T>(start: Promise<S>, work: (system: S) => Promise<T>): Promise<T> => {
  const system = await start;
  try {
    return await work(system);
  } finally {
    await system.stop();
  }
};

export const withStack = <T>(options: Partial<StackOptions>, work: (stack: Stack) => Promise<T>): Promise<T> => withSystem(startStack({ ...PLAIN, ...options }), work);

export const callsOf = (set: FlowSet): number => (set === 'one-step' ? 1 : 3);

/** The context of one run of the bench; each measurement is made once, when it is first asked for. */
export const createContext = (findings: Findings, { full, brief, soakRate }: { full: boolean; brief: boolean; soakRate?: number }, say: (line: string) => void): Context => {
  const pace = paceOf({ full, brief });
  const kept = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, make: () => Promise<T>): Promise<T> => {
    if (!kept.has(key)) kept.set(key, make());
    return kept.get(key) as Promise<T>;
  };
  const figures = async (name: string, system: System, calls: number): Promise<SystemFigures> => findSustained({ name, system, calls, rates: RATES, pace, say });
  return {
    findings, full, pace, soakRate, say,
    floor: () => once('floor', () => withSystem(startFloor({ syncAlways: false }), (system) => figures('floor', system, 1))),
    ours: (set) => once(set, () => withStack({ set }, async (stack) => {
      const idle = await memoryOf(stack.services);
      const watch = watchMemory(stack.services);
      const found = await figures(set, stack, callsOf(set));
      return { ...found, memory: { idle, loaded: watch.stop() } };
    })),
  };
};
