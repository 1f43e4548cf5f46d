import type { Platform } from '@stellwerk/contracts';
import { render } from '../expressions/render.js';
import type { EventContext, Flow, Trigger } from '../model.js';
import { startFlowClock } from './flow-clock.js';
import { conclude } from './conclude.js';
import { finishRun } from './finish.js';
import { listen } from './gates/waits.js';
import type { Draft, Plan, PlanFacts, ReportTarget } from './plan.js';
import { beginReports } from './report.js';
import type { Chain, RunRecord } from './run-record.js';
import { claimRunSlot, dropIfFull } from './run-slot.js';
import { isQueued } from './slots.js';
import { startScope } from './scope.js';
import { settle } from './settle.js';
import { newActivity } from './start-work.js';

export interface NewRun {
  /** `runId(flow, trigger, fact)`. */
  id: string;
  flow: Flow;
  trigger: Trigger;
  event: EventContext;
  /** Platforms of the connections the flow names. */
  connections: Record<string, Platform>;
  reportTo: readonly ReportTarget[];
  chain: Chain;
  traceparent?: string;
}

const record = ({ id, flow, trigger, event, connections, chain, traceparent }: NewRun, now: Date): RunRecord => ({
  id, flow: flow.name, revision: flow.revision, trigger: trigger.index, state: 'queued', event, env: {}, connections: { ...connections },
  steps: flow.steps.map((step) => ({ name: step.name, run: newActivity(), cancels: 0 })),
  attempt: 1, version: 0, createdAt: now.toISOString(), ...(traceparent !== undefined && { traceparent }),
  chain, reports: [], reportsSent: 0, notes: [],
});

/** Renders what is rendered once; gives why that cannot be done. */
const prepare = (draft: Draft): string | undefined => {
  let at = 'env';
  try {
    draft.run.env = render(draft.flow.env, startScope(draft)) as Record<string, unknown>;
    at = 'concurrency';
    claimRunSlot(draft);
  } catch (error) {
    return `${at}: ${(error as Error).message}`;
  }
  return undefined;
};

/**
 * A new run with all that its first moment brings: commit status, its place in its group, the clock of the flow, the steps that need nothing.
 * Where its group is full it is `queued`, and nothing else happens yet; with `when-full: drop` it ends.
 */
export const startRun = (start: NewRun, facts: PlanFacts): Plan => {
  const draft: Draft = { run: record(start, facts.now), flow: start.flow, facts, effects: [] };
  const problem = prepare(draft);
  beginReports(draft, start.reportTo);
  if (problem !== undefined) finishRun(draft, 'failed', problem);
  else begin(draft);
  return conclude(undefined, draft);
};

const begin = (draft: Draft): void => {
  listen(draft);
  if (isQueued(draft.run)) return dropIfFull(draft);
  startFlowClock(draft);
  settle(draft);
};
