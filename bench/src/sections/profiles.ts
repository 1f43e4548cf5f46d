import { join } from 'node:path';
import { cpuOf, difference } from '../measure/processes.ts';
import { summarise, toggleProfile } from '../measure/profile.ts';
import { FLOWS_UNDER_WAY } from '../measure/find-sustained.ts';
import { runFlows, type FlowsRun } from '../measure/run-flows.ts';
import { withStack, type Context } from './context.ts';

const LINES = 12;

/** Where each service spends its time while it is driven as hard as it goes. */
export const profiles = async ({ findings, pace, say }: Context): Promise<void> => {
  say('ours: profiles of all services');
  await withStack({ profiled: true }, async (stack) => {
    const run = (seconds: number): Promise<FlowsRun> => runFlows(stack, { order: 'window', window: FLOWS_UNDER_WAY, seconds });
    await run(pace.warm);
    await Promise.all(stack.services.map(toggleProfile));
    const before = cpuOf(stack.measured);
    const { sent } = await run(pace.most);
    const used = difference(cpuOf(stack.measured), before);
    await Promise.all(stack.services.map(toggleProfile));
    for (const { service } of stack.services) {
      findings.profile(service, summarise(join(stack.dir, `${service}.cpuprofile`), used[service]! / sent.dueAt.length, LINES));
    }
  });
};
