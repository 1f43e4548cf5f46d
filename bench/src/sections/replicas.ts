import { throughput } from '../measure/find-sustained.ts';
import { ownCost } from '../report/figures.ts';
import { withStack, type Context } from './context.ts';

/** One to three processes of each service on the same processors: they must not stand in each other's way. */
export const replicas = async (context: Context): Promise<void> => {
  const { findings, pace, say } = context;
  const one = (await context.ours('one-step')).sustained;
  for (const count of [1, 2, 3]) {
    if (count > 1) say(`ours: ${count} of each service`);
    const { perSecond, cpuMs } = count === 1 ? { perSecond: one.most, cpuMs: one.cpuMs } : await withStack({ replicas: count }, (stack) => throughput(stack, 1, pace));
    findings.figure({ section: 'replicas', what: `flows of one step, ${count} of each service, the most that came through`, value: perSecond, unit: '/s' });
    findings.figure({ section: 'replicas', what: `processor time a flow, ${count} of each service`, value: ownCost(cpuMs), unit: 'ms' });
    findings.cost('replicas', `a flow, ${count} of each service`, cpuMs);
  }
};
