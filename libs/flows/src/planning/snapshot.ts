import type { Attempt, PipelinePlace, RunCause, RunSnapshot, StepSnapshot } from '@stellwerk/contracts';
import { joinPipeline } from '../joins/join-pipeline.js';
import type { EventContext, Flow } from '../model.js';
import type { AttemptRecord } from './attempt-record.js';
import { stepOf } from './graph.js';
import type { RunRecord, StepRecord } from './run-record.js';

const causeOf = (event: EventContext): RunCause => ({
  id: event.id, type: event.type, connection: event.connection ?? '', repository: event.repository, branch: event.branch, sha: event.sha,
  url: event.url ?? event.run?.url, tag: event.tag, title: event.title, actor: event.actor,
});

const joinedEvents = (events: Record<string, EventContext>): RunSnapshot['events'] =>
  Object.fromEntries(Object.entries(events).map(([name, { id, type }]) => [name, { id, type }]));

/** By the flow as it was when the run started, so that it stays the same for as long as the run lives; undefined where no join started it. */
const pipelineOfJoin = ({ trigger, events }: RunRecord, { on }: Flow): PipelinePlace | undefined => {
  const join = on.find(({ index }) => index === trigger)?.all;
  return join && events && joinPipeline(join, events);
};

const attemptSnapshot = ({ number, state, outcome, command, connection, run, outputs, reason, startedAt, finishedAt }: AttemptRecord): Attempt =>
  ({ number, state, outcome, command, connection, run, outputs, reason, startedAt, finishedAt });

const rollbackSnapshot = ({ state, reason, attempts }: NonNullable<StepRecord['rollback']>): StepSnapshot['rollback'] =>
  ({ state, reason, attempts: attempts.map(attemptSnapshot) });

const stepSnapshot = (flow: Flow, step: StepRecord): StepSnapshot => {
  const { uses, needs, environment } = stepOf(flow, step.name);
  const { state, outcome, reason, attempts, gate } = step.run;
  return {
    name: step.name, state, outcome, uses: uses && `${uses.connection}/${uses.action}`, needs, environment, reason,
    awaits: gate && { kind: gate.kind, until: gate.until }, approval: step.approval,
    attempts: attempts.map(attemptSnapshot), rollback: step.rollback && rollbackSnapshot(step.rollback),
    startedAt: step.startedAt, finishedAt: step.finishedAt,
  };
};

const TRACE_ID = /^[0-9a-f]{2}-([0-9a-f]{32})-/;

/** A run as everyone else sees it; what is not known is undefined. To be read, not changed: it shares parts with the record. */
export const snapshotOf = (run: RunRecord, flow: Flow): RunSnapshot => {
  const reasons = [run.reason, ...run.notes].filter((text) => text !== undefined);
  const pipeline = pipelineOfJoin(run, flow);
  return {
    id: run.id, flow: run.flow, revision: run.revision, state: run.state, reason: reasons.length > 0 ? reasons.join('; ') : undefined,
    event: causeOf(run.event), ...(run.events && { events: joinedEvents(run.events) }), ...(pipeline && { pipeline }),
    steps: run.steps.map((step) => stepSnapshot(flow, step)), ...(run.inputs && { inputs: run.inputs }), attempt: run.attempt, retried: run.retried, rollbacks: run.rollbacks, version: run.version,
    createdAt: run.createdAt, startedAt: run.startedAt, finishedAt: run.finishedAt, trace: TRACE_ID.exec(run.traceparent ?? '')?.[1],
  };
};
