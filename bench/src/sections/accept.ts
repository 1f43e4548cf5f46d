import type { Sent } from '../load/loops.ts';
import type { Pace } from '../measure/pace.ts';
import { percentile } from '../measure/percentile.ts';
import { cpuOf, difference, divided } from '../measure/processes.ts';
import { mustBeAccepted } from '../measure/run-flows.ts';
import { atLeast, below } from '../report/figures.ts';
import { PLAIN, startStack } from '../stack/stack.ts';
import type { System } from '../stack/system.ts';
import { startFloor } from '../floor/floor.ts';
import { withSystem, type Context } from './context.ts';

const CONNECTIONS = 64;
const RATE = 500;

export interface Accepted {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMs: Record<string, number>;
}

const send = async (system: System, order: object): Promise<Accepted> => {
  const before = cpuOf(system.measured);
  const sent = await system.driver.ask<Sent>({ target: system.target, ...order });
  mustBeAccepted(sent);
  const count = sent.answerMs.length;
  return {
    perSecond: count / sent.seconds, p50: percentile(sent.answerMs, 0.5), p99: percentile(sent.answerMs, 0.99),
    cpuMs: divided(difference(cpuOf(system.measured), before), count),
  };
};

/** 64 connections as fast as they go, then a fixed rate in open loop. */
const measure = async (system: System, pace: Pace): Promise<{ closed: Accepted; open: Accepted }> => {
  await send(system, { order: 'closed', connections: CONNECTIONS, seconds: pace.warm });
  const closed = await send(system, { order: 'closed', connections: CONNECTIONS, seconds: pace.accept });
  return { closed, open: await send(system, { order: 'open', rate: RATE, seconds: pace.accept }) };
};

/** What works behind ingress stands still meanwhile: intake is measured, not what the processors are shared with. */
export const acceptAlone = async (system: System, pace: Pace): Promise<{ closed: Accepted; open: Accepted }> => {
  for (const { process } of system.behind) process.kill('SIGSTOP');
  try {
    return await measure(system, pace);
  } finally {
    for (const { process } of system.behind) process.kill('SIGCONT');
  }
};

/** Webhooks accepted: alone, and with all that follows from each on the same processors. */
export const accept = async ({ findings, pace, say }: Context): Promise<void> => {
  const section = 'accept';
  const system = { floor: () => startFloor({ syncAlways: false }), ours: () => startStack(PLAIN) };
  say('floor: webhooks accepted');
  const floor = await withSystem(system.floor(), (running) => acceptAlone(running, pace));
  const floorBusy = await withSystem(system.floor(), (running) => measure(running, pace));
  say('ours: webhooks accepted');
  const alone = await withSystem(system.ours(), (running) => acceptAlone(running, pace));
  say('ours: webhooks accepted while all that follows is done');
  const busy = await withSystem(system.ours(), (running) => measure(running, pace));
  const ratio = alone.closed.perSecond / floor.closed.perSecond;
  findings.figure({ section, what: `webhooks accepted, ${CONNECTIONS} connections, 10 KB`, value: alone.closed.perSecond, unit: '/s', floor: floor.closed.perSecond, target: atLeast(ratio, 0.7, '≥ 0.7 of the floor') });
  for (const share of ['p50', 'p99'] as const) findings.figure({ section, what: `answer to them, ${share}`, value: alone.closed[share], unit: 'ms', floor: floor.closed[share] });
  findings.figure({ section, what: `answer at ${RATE} webhooks/s, p99`, value: alone.open.p99, unit: 'ms', floor: floor.open.p99, target: below(alone.open.p99, 50, '< 50 ms') });
  findings.figure({ section, what: 'accepted while every flow is run too', value: busy.closed.perSecond, unit: '/s', floor: floorBusy.closed.perSecond });
  findings.figure({ section, what: `answer at ${RATE} webhooks/s while every flow is run too, p99`, value: busy.open.p99, unit: 'ms', floor: floorBusy.open.p99 });
  findings.cost(section, 'a webhook, floor', floor.closed.cpuMs);
  findings.cost(section, 'a webhook, intake alone', alone.closed.cpuMs);
};
