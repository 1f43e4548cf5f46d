import { startFloor } from '../floor/floor.ts';
import { throughput } from '../measure/find-sustained.ts';
import { PLAIN, startStack } from '../stack/stack.ts';
import { acceptAlone } from './accept.ts';
import { withSystem, type Context } from './context.ts';

/** The broker writes each message to the disk before it confirms, as it should where power may fail. */
export const sync = async ({ findings, pace, say }: Context): Promise<void> => {
  const section = 'sync';
  const systems = { floor: () => startFloor({ syncAlways: true }), ours: () => startStack({ ...PLAIN, syncAlways: true }) };
  say('floor: sync_interval: always');
  const floor = await withSystem(systems.floor(), async (system) => ({ flows: await throughput(system, 1, pace), ...await acceptAlone(system, pace) }));
  say('ours: sync_interval: always');
  const ours = await withSystem(systems.ours(), async (system) => ({ flows: await throughput(system, 1, pace), ...await acceptAlone(system, pace) }));
  findings.figure({ section, what: 'webhooks accepted, 64 connections', value: ours.closed.perSecond, unit: '/s', floor: floor.closed.perSecond });
  findings.figure({ section, what: 'answer to them, p99', value: ours.closed.p99, unit: 'ms', floor: floor.closed.p99 });
  findings.figure({ section, what: 'flows of one step, the most that came through', value: ours.flows.perSecond, unit: '/s', floor: floor.flows.perSecond });
  findings.cost(section, 'a flow of one step, sync_interval: always', ours.flows.cpuMs);
};
