import type { Sent } from '../load/loops.ts';
import type { FlowSeen } from '../platform/flow-tally.ts';
import type { System } from '../stack/system.ts';
import { cpuOf, difference, divided } from './processes.ts';

const DRAIN_SECONDS = 180;

export interface FlowsRun {
  readonly sent: Sent;
  /** From the moment a webhook was due until the first call it leads to arrived at the platform; in the order sent. */
  readonly triggerMs: readonly number[];
  /** From the last webhook until nothing was left to do. */
  readonly drainSeconds: number;
  /** Flows a second, the time until nothing was left to do included. */
  readonly perSecond: number;
  /** Processor milliseconds a flow, by process. */
  readonly cpuMs: Record<string, number>;
}

export type Order =
  | { order: 'open'; rate: number; seconds: number }
  | { order: 'closed'; connections: number; seconds: number }
  | { order: 'window'; window: number; seconds: number };

const untilPlatformSawAll = async (system: System, until: number): Promise<void> => {
  const deadline = Date.now() + DRAIN_SECONDS * 1000;
  for (;;) {
    const done = await system.platform.ask<number>({ order: 'done' });
    if (done >= until) return;
    system.check();
    if (Date.now() > deadline) throw new Error(`${until - done} flows have not come to their end after ${DRAIN_SECONDS} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** Throws unless each webhook was accepted: a figure of something broken is none. */
export const mustBeAccepted = ({ statuses }: Sent): void => {
  if (Object.keys(statuses).some((status) => status !== '202')) throw new Error(`webhooks were not accepted (answers by status, 0 = none): ${JSON.stringify(statuses)}`);
};

/** Throws unless each webhook led to the calls it should lead to. */
const timesToTrigger = (sent: Sent, seen: readonly FlowSeen[], { callsPerFlow, mayRepeat }: { callsPerFlow: number; mayRepeat: boolean }): number[] => {
  const odd = seen.find(([origin, , calls]) => (mayRepeat ? calls < callsPerFlow : calls !== callsPerFlow) || sent.dueAt[origin - sent.first] === undefined);
  if (odd) throw new Error(`webhook ${odd[0]} led to ${odd[2]} calls instead of ${callsPerFlow}`);
  if (seen.length !== sent.dueAt.length) throw new Error(`${seen.length} of ${sent.dueAt.length} webhooks led to a call`);
  const times = new Array<number>(seen.length);
  for (const [origin, at] of seen) times[origin - sent.first] = at - sent.dueAt[origin - sent.first]!;
  return times;
};

/** Sends webhooks as the order says and waits until all that follows from them is done. */
export const runFlows = async (system: System, order: Order, callsPerFlow = 1): Promise<FlowsRun> => {
  const before = await system.platform.ask<number>({ order: 'done' });
  const cpu = cpuOf(system.measured);
  const began = Date.now();
  const sent = await system.driver.ask<Sent>({ target: system.target, platformPort: system.platformPort, ...order });
  const answered = Date.now();
  const count = sent.dueAt.length;
  mustBeAccepted(sent);
  await untilPlatformSawAll(system, before + count);
  await system.untilDone();
  const ended = Date.now();
  const cpuMs = divided(difference(cpuOf(system.measured), cpu), count);
  const triggerMs = timesToTrigger(sent, await system.platform.ask<FlowSeen[]>({ order: 'flows' }), { callsPerFlow, mayRepeat: system.mayRepeat ?? false });
  return { sent, triggerMs, cpuMs, drainSeconds: (ended - answered) / 1000, perSecond: count * 1000 / (ended - began) };
};
