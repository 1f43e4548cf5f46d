import { atLeast } from '../report/figures.ts';
import type { Context } from './context.ts';

/** Flows from the webhook to the call, as many as there is no growing lag at. */
export const sustained = async (context: Context): Promise<void> => {
  const { findings } = context;
  const section = 'sustained';
  const floor = (await context.floor()).sustained;
  const one = (await context.ours('one-step')).sustained;
  const three = (await context.ours('three-steps')).sustained;
  const held = (seconds: number): string => `held for ${seconds} s without growth of lag`;
  findings.figure({ section, what: `flows of one step, ${held(one.heldSeconds)}`, value: one.held, unit: '/s', floor: floor.held, target: atLeast(one.held, 200, '≥ 200/s') });
  findings.figure({ section, what: 'the same as a share of the floor', value: one.held / floor.held, unit: '', target: atLeast(one.held / floor.held, 0.2, '≥ 0.2') });
  findings.figure({ section, what: 'flows of one step, the most that came through', value: one.most, unit: '/s', floor: floor.most });
  findings.figure({ section, what: `flows of three steps, hooks of each run back (10 a flow), ${held(three.heldSeconds)}`, value: three.held, unit: '/s', target: atLeast(three.held, 50, '≥ 50/s') });
  findings.figure({ section, what: 'flows of three steps, the most that came through', value: three.most, unit: '/s' });
  findings.cost(section, 'a webhook and a call, floor', floor.cpuMs);
  findings.cost(section, 'a flow of one step', one.cpuMs);
  findings.cost(section, 'a flow of three steps', three.cpuMs);
};
