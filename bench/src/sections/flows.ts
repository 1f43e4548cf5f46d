import { throughput } from '../measure/find-sustained.ts';
import { ownCost } from '../report/figures.ts';
import { PLAIN } from '../stack/stack.ts';
import { withStack, type Context } from './context.ts';

/** What a flow costs beside so many others that are loaded and do not match. */
export const flows = async (context: Context): Promise<void> => {
  const { findings, pace, say } = context;
  const section = 'flows';
  const few = (await context.ours('one-step')).sustained;
  for (const count of [PLAIN.flows, 1_000, 10_000]) {
    if (count !== PLAIN.flows) say(`ours: ${count} flows loaded`);
    const { perSecond, cpuMs } = count === PLAIN.flows ? { perSecond: few.most, cpuMs: few.cpuMs } : await withStack({ flows: count }, (stack) => throughput(stack, 1, pace));
    const cost = ownCost(cpuMs);
    findings.figure({
      section, what: `processor time a flow, ${count} flows loaded`, value: cost, unit: 'ms',
      target: count === 10_000 ? { text: '≤ 2 × that of 10', reached: cost <= 2 * ownCost(few.cpuMs) } : undefined,
    });
    findings.figure({ section, what: `flows of one step, ${count} loaded, the most that came through`, value: perSecond, unit: '/s' });
    findings.cost(section, `a flow, ${count} loaded`, cpuMs);
  }
};
