import type { FlowMatch } from '../matching/flow-index.js';
import type { Flow } from '../model.js';
import type { WantedClock } from './clocks.js';
import { nextInstant } from './cron.js';

const idOf = ({ trigger: { schedule, absent } }: FlowMatch): string | undefined => schedule?.id ?? absent?.id;

export const clockKey = ({ flow, id }: Pick<WantedClock, 'flow' | 'id'>): string => `${flow} ${id}`;

/** Triggers that a clock starts, by `clockKey`; of two that are alike in one flow the first. */
export const clockTriggers = (flows: readonly Flow[]): Map<string, FlowMatch> => {
  const found = new Map<string, FlowMatch>();
  for (const match of flows.flatMap((flow) => flow.on.map((trigger) => ({ flow, trigger })))) {
    const id = idOf(match);
    const key = id === undefined ? undefined : clockKey({ flow: match.flow.name, id });
    if (key !== undefined && !found.has(key)) found.set(key, match);
  }
  return found;
};

/** Their clocks, in the one order in which all replicas write them. */
export const wantedClocks = (triggers: ReadonlyMap<string, FlowMatch>, now: Date): WantedClock[] =>
  [...triggers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, match]) => ({
    flow: match.flow.name, id: idOf(match)!,
    ...(match.trigger.schedule && { dueAt: nextInstant(match.trigger.schedule, now) }),
    ...(match.trigger.absent && { forSeconds: match.trigger.absent.forMs / 1000 }),
  }));
