import { below, type Figure } from '../report/figures.ts';
import type { SystemFigures } from '../measure/find-sustained.ts';
import { RATES, type Context } from './context.ts';

const targetOf = (rate: number, share: 'p50' | 'p99', value: number): Figure['target'] => {
  if (share === 'p50') return rate === 10 ? below(value, 25, '< 25 ms') : undefined;
  return rate >= 100 ? below(value, 250, '< 250 ms') : undefined;
};

/** From the webhook being due to the call arriving, in open loop. */
export const latency = async (context: Context): Promise<void> => {
  const floor = await context.floor();
  const lines = (steps: string, ours: SystemFigures): void => {
    for (const rate of RATES) {
      for (const share of ['p50', 'p99'] as const) {
        const value = ours.latency.get(rate)?.[share] ?? Number.NaN;
        context.findings.figure({
          section: 'latency', what: `hook → trigger at ${rate} flows/s, ${steps}, ${share}`, value, unit: 'ms', floor: floor.latency.get(rate)?.[share],
          target: targetOf(rate, share, value), note: Number.isNaN(value) ? 'more than is sustained' : undefined,
        });
      }
    }
  };
  lines('one step', await context.ours('one-step'));
  lines('three steps', await context.ours('three-steps'));
};
