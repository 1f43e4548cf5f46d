import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../../../scripts/bootstrap/root.mjs';
import { percentile } from '../measure/percentile.ts';
import { cpuOf, difference, divided } from '../measure/processes.ts';
import { summarise, toggleProfile, type ProfileSummary } from '../measure/profile.ts';
import { runFlows } from '../measure/run-flows.ts';
import { StatementCounter, type Statements } from '../measure/statements.repository.ts';
import type { FlowSet } from '../stack/resources.ts';
import { PLAIN, startStack } from '../stack/stack.ts';

export interface CostOptions {
  readonly flows: number;
  readonly rate: number;
  readonly set: FlowSet;
  readonly profile?: string;
  readonly say: (line: string) => void;
}

export interface Cost {
  readonly set: FlowSet;
  readonly flows: number;
  readonly rate: number;
  /** Processor milliseconds a flow, by process. */
  readonly cpuMs: Record<string, number>;
  /** Milliseconds a second while nothing is sent. */
  readonly idleMs: Record<string, number>;
  readonly statements: Statements;
  readonly triggerMs: { p50: number; p99: number };
  readonly drainSeconds: number;
  readonly profile?: ProfileSummary;
}

const IDLE_SECONDS = 3;

const kept = (dir: string, service: string, cpuMs: number, say: CostOptions['say']): ProfileSummary => {
  const file = inRoot('.stellwerk', `${service}.cpuprofile`);
  cpSync(join(dir, `${service}.cpuprofile`), file);
  say(`the profile is ${file}: Chrome's developer tools show it`);
  return summarise(file, cpuMs, 40);
};

/** What one flow costs: processor time by process, and statements. Robust while others use the machine. */
export const measureCost = async ({ flows, rate, set, profile, say }: CostOptions): Promise<Cost> => {
  const calls = set === 'one-step' ? 1 : 3;
  say('starting servers and services …');
  const stack = await startStack({ ...PLAIN, set, statements: true, profiled: profile !== undefined });
  const counter = await StatementCounter.at(stack.postgres.url);
  try {
    say('warming up with 200 flows …');
    await runFlows(stack, { order: 'open', rate: rate * 2, seconds: 100 / rate }, calls);
    const idle = cpuOf(stack.measured);
    await new Promise((resolve) => setTimeout(resolve, IDLE_SECONDS * 1000));
    const idleMs = divided(difference(cpuOf(stack.measured), idle), IDLE_SECONDS);
    await counter.reset();
    const profiled = stack.services.find(({ service }) => service === profile);
    if (profiled) await toggleProfile(profiled);
    say(`${flows} flows at ${rate}/s …`);
    const { cpuMs, drainSeconds, triggerMs } = await runFlows(stack, { order: 'open', rate, seconds: flows / rate }, calls);
    if (profiled) await toggleProfile(profiled);
    return {
      set, flows, rate, cpuMs, idleMs, drainSeconds, statements: await counter.read(25),
      triggerMs: { p50: percentile(triggerMs, 0.5), p99: percentile(triggerMs, 0.99) },
      ...(profiled ? { profile: kept(stack.dir, profile!, cpuMs[profile!]!, say) } : {}),
    };
  } finally {
    await counter.close();
    await stack.stop();
  }
};
