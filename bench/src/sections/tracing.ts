import { join } from 'node:path';
import { ROOT } from '../../../scripts/bootstrap/root.mjs';
import { FLOWS_UNDER_WAY } from '../measure/find-sustained.ts';
import { runFlows, type FlowsRun } from '../measure/run-flows.ts';
import { atLeast } from '../report/figures.ts';
import { startNode } from '../stack/child.ts';
import { PLAIN, startStack, type Stack } from '../stack/stack.ts';
import { benchFolder } from '../stack/system.ts';
import type { Context } from './context.ts';

interface Mode {
  readonly what: string;
  /** Absent: not traced at all. */
  readonly sampler?: Record<string, string>;
  /** Of the flows without tracing, at least. */
  readonly share?: number;
}

const MODES: readonly Mode[] = [
  { what: 'no tracing' },
  { what: 'tracing sampled at 10 %', sampler: { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' }, share: 0.9 },
  { what: 'tracing full', sampler: { OTEL_TRACES_SAMPLER: 'parentbased_always_on' }, share: 0.5 },
];
/** From minute to minute the machine's own speed changes by more than what is measured here: all are up, and take short turns. */
const TURNS = 6;

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** The turns of one mode as one. */
const together = (runs: readonly FlowsRun[]): { perSecond: number; cpuMs: Record<string, number> } => ({
  perSecond: mean(runs.map(({ perSecond }) => perSecond)),
  cpuMs: Object.fromEntries(Object.keys(runs[0]!.cpuMs).map((name) => [name, mean(runs.map(({ cpuMs }) => cpuMs[name] ?? 0))])),
});

/** Flows a second with tracing, as a share of those without. */
export const tracing = async ({ findings, pace, say }: Context): Promise<void> => {
  const folder = await benchFolder();
  const systems: { mode: Mode; stack: Stack; runs: FlowsRun[] }[] = [];
  try {
    const collector = await startNode('collector', ['bench/src/collector/collector.main.ts'], process.env, { cwd: ROOT, logFile: join(folder.dir, 'collector.log') });
    folder.started.push(collector);
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.listening.port}` };
    for (const mode of MODES) {
      say(`ours: ${mode.what}, warming up`);
      const stack = await startStack({ ...PLAIN, env: mode.sampler ? { ...endpoint, ...mode.sampler } : {} });
      systems.push({ mode, stack, runs: [] });
      await runFlows(stack, { order: 'window', window: FLOWS_UNDER_WAY / 4, seconds: pace.warm });
    }
    for (let turn = 1; turn <= TURNS; turn += 1) {
      for (const { mode, stack, runs } of systems) {
        say(`ours: ${mode.what}, turn ${turn} of ${TURNS}`);
        const before = await collector.ask<number>({ order: 'bytes' });
        runs.push(await runFlows(stack, { order: 'window', window: FLOWS_UNDER_WAY, seconds: pace.most / 3 }));
        if (mode.sampler && await collector.ask<number>({ order: 'bytes' }) === before) throw new Error('no spans arrived: tracing was not on');
      }
    }
    const found = systems.map(({ mode, runs }) => ({ mode, ...together(runs) }));
    for (const { mode: { what, share }, perSecond, cpuMs } of found) {
      const part = perSecond / found[0]!.perSecond;
      if (share !== undefined) findings.figure({ section: 'tracing', what: `flows with ${what}, share of those without`, value: part, unit: '', target: atLeast(part, share, `≥ ${share}`) });
      findings.cost('tracing', `a flow, ${what}`, cpuMs);
    }
  } finally {
    await Promise.all(systems.map(({ stack }) => stack.stop()));
    await folder.stop();
  }
};
