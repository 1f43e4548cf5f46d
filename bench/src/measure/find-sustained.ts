import type { System } from '../stack/system.ts';
import type { Pace } from './pace.ts';
import { percentile } from './percentile.ts';
import { runFlows, type FlowsRun } from './run-flows.ts';

/** The most flows a second a system carries. */
export interface Sustained {
  /** Found with a fixed number of flows under way; the time until nothing was left is counted. */
  readonly most: number;
  /** Held in open loop without growth of lag; 0 = none of those tried. */
  readonly held: number;
  /** How long it was held. */
  readonly heldSeconds: number;
  /** Processor milliseconds a flow while at its most. */
  readonly cpuMs: Record<string, number>;
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

export interface SystemFigures {
  readonly sustained: Sustained;
  /** By flows a second; rates above what is sustained are not there. */
  readonly latency: ReadonlyMap<number, Latency>;
}

export const FLOWS_UNDER_WAY = 128;
/** Shares of the most that are tried, until one holds. */
const SHARES = [0.97, 0.9, 0.8, 0.65];
const LATE_MS = 150;
const DRAINED_SECONDS = 3;

/** Flows that came late are triggered much later than those that came early, or work is left over at the end. */
export const lagGrows = ({ triggerMs, drainSeconds }: Pick<FlowsRun, 'triggerMs' | 'drainSeconds'>): boolean => {
  const quarter = Math.floor(triggerMs.length / 4);
  const early = percentile(triggerMs.slice(quarter, 2 * quarter), 0.5);
  const late = percentile(triggerMs.slice(-quarter), 0.5);
  return late > early * 1.5 + LATE_MS || drainSeconds > DRAINED_SECONDS;
};

export interface Search {
  readonly name: string;
  readonly system: System;
  readonly calls: number;
  readonly rates: readonly number[];
  readonly pace: Pace;
  readonly say: (line: string) => void;
}

/** The most there is: so many flows are kept under way all the time. */
export const throughput = async (system: System, calls: number, pace: Pace): Promise<FlowsRun> => {
  await runFlows(system, { order: 'window', window: FLOWS_UNDER_WAY / 4, seconds: pace.warm }, calls);
  return runFlows(system, { order: 'window', window: FLOWS_UNDER_WAY, seconds: pace.most }, calls);
};

const hold = async ({ name, system, calls, pace, say }: Search, most: number): Promise<{ held: number; heldSeconds: number }> => {
  const holds = async (rate: number, seconds: number): Promise<boolean> => {
    say(`${name}: ${rate}/s for ${seconds} s: does it fall behind?`);
    return !lagGrows(await runFlows(system, { order: 'open', rate, seconds }, calls));
  };
  for (const share of SHARES) {
    const rate = Math.max(1, Math.floor(most * share));
    if (await holds(rate, pace.tryOut) && (pace.hold <= pace.tryOut || await holds(rate, pace.hold))) return { held: rate, heldSeconds: pace.hold };
  }
  return { held: 0, heldSeconds: pace.hold };
};

/** Finds the most it sustains, then the latency at each rate below that. */
export const findSustained = async (search: Search): Promise<SystemFigures> => {
  const { name, system, calls, rates, pace, say } = search;
  say(`${name}: the most there is, ${FLOWS_UNDER_WAY} flows under way`);
  const { perSecond: most, cpuMs } = await throughput(system, calls, pace);
  const { held, heldSeconds } = await hold(search, most);
  const latency = new Map<number, Latency>();
  for (const rate of rates.filter((rate) => rate <= held)) {
    say(`${name}: latency at ${rate}/s`);
    const { triggerMs } = await runFlows(system, { order: 'open', rate, seconds: pace.latency }, calls);
    latency.set(rate, { p50: percentile(triggerMs, 0.5), p99: percentile(triggerMs, 0.99) });
  }
  return { sustained: { most, held, heldSeconds, cpuMs }, latency };
};
