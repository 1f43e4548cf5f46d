import { throughput } from '../measure/find-sustained.ts';
import { percentile } from '../measure/percentile.ts';
import { runFlows } from '../measure/run-flows.ts';
import { ownCost } from '../report/figures.ts';
import type { Stack } from '../stack/stack.ts';
import { withStack, type Context } from './context.ts';
import { PastRuns } from './past-runs.repository.ts';

const ASKED = 20;

const fill = async (stack: Stack, count: number): Promise<void> => {
  await runFlows(stack, { order: 'open', rate: 10, seconds: 2 });
  const past = await PastRuns.at(stack.postgres.url);
  try {
    await past.fill(count);
  } finally {
    await past.close();
  }
};

/** How long the newest fifty runs take to be shown. */
const listMs = async (stack: Stack): Promise<number> => {
  const { listening } = stack.services.find(({ service }) => service === 'status')!;
  const times: number[] = [];
  for (let n = 0; n < ASKED; n += 1) {
    const began = performance.now();
    const response = await fetch(`http://127.0.0.1:${listening.doorPort}/api/runs?flow=deliver&limit=50`);
    const { items } = await response.json() as { items: unknown[] };
    if (items.length !== 50) throw new Error(`/api/runs shows ${items.length} runs`);
    times.push(performance.now() - began);
  }
  return percentile(times, 0.5);
};

/** What a flow costs with so many in the past. */
export const runs = async ({ findings, full, pace, say }: Context): Promise<void> => {
  const section = 'runs';
  for (const count of [1_000, 100_000, ...(full ? [1_000_000] : [])]) {
    say(`ours: ${count} past runs, written by SQL`);
    await withStack({}, async (stack) => {
      await fill(stack, count);
      say(`ours: ${count} past runs`);
      const { perSecond, cpuMs } = await throughput(stack, 1, pace);
      findings.figure({ section, what: `flows of one step, ${count} past runs, the most that came through`, value: perSecond, unit: '/s' });
      findings.figure({ section, what: `processor time a flow, ${count} past runs`, value: ownCost(cpuMs), unit: 'ms' });
      findings.figure({ section, what: `GET /api/runs?flow=…, ${count} past runs, p50`, value: await listMs(stack), unit: 'ms' });
      findings.cost(section, `a flow, ${count} past runs`, cpuMs);
    });
  }
};
