import type { Platform } from '@stellwerk/contracts';
import { atTime } from '../expressions/clock.js';
import type { EventContext, Flow, Trigger } from '../model.js';
import { conclude } from './conclude.js';
import { finishRun } from './finish.js';
import { noteReads } from './history/note-reads.js';
import type { Draft, Plan, PlanFacts, ReportTarget } from './plan.js';
import { beginReports } from './report.js';
import type { Chain, RunRecord } from './run-record.js';
import { begin } from './begin.js';
import { prepare } from './prepare.js';
import { settle } from './settle.js';
import { newActivity } from './start-work.js';

export interface NewRun {
  /** `runId(flow, trigger, fact)`. */
  id: string;
  flow: Flow;
  trigger: Pick<Trigger, 'index'>;
  event: EventContext;
  /** Of a join. */
  events?: Record<string, EventContext>;
  /** The fact that starts it, where it is not that of `event`. */
  cause?: string;
  /** As a person gave them; undefined: nobody was asked. */
  inputs?: Record<string, unknown>;
  /** Platforms of the connections the flow names. */
  connections: Record<string, Platform>;
  reportTo: readonly ReportTarget[];
  chain: Chain;
  traceparent?: string;
}

const record = ({ id, flow, trigger, event, events, cause, connections, chain, traceparent }: NewRun, now: Date): RunRecord => ({
  id, flow: flow.name, revision: flow.revision, trigger: trigger.index, state: 'queued', event, ...(events && { events }),
  ...(cause !== undefined && { cause }), env: {}, connections: { ...connections },
  steps: flow.steps.map((step) => ({ name: step.name, run: newActivity(), cancels: 0 })),
  attempt: 1, version: 0, createdAt: now.toISOString(), ...(traceparent !== undefined && { traceparent }),
  chain, reports: [], reportsSent: 0, notes: [],
});

/**
 * A new run with all that its first moment brings: commit status, its place in its group, the clock of the flow, the steps that need nothing.
 * Where its group is full it is `queued`, and nothing else happens yet; with `when-full: drop` it ends.
 */
export const startRun = (start: NewRun, facts: PlanFacts): Plan => {
  const noted = noteReads(facts, start.flow);
  const draft: Draft = { run: record(start, facts.now), flow: start.flow, facts: noted.facts, effects: [] };
  atTime(facts.now, () => firstMoment(draft, start));
  return { ...conclude(undefined, draft), read: noted.read };
};

const firstMoment = (draft: Draft, start: NewRun): void => {
  const problem = prepare(draft, start.inputs);
  beginReports(draft, start.reportTo);
  if (problem !== undefined) finishRun(draft, 'failed', problem);
  else begin(draft);
  settle(draft);
};
