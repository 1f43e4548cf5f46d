import { createHash } from 'node:crypto';
import {
  cloudEvent, platformRunKeyOfFact, subjects, type ApprovalChanged, type CloudEvent, type JoinMissing, type PlatformEvent, type RunSnapshot, type RunState,
  type StepSnapshot,
} from '@stellwerk/contracts';

/** A status message and where it goes. */
export interface StatusMessage {
  subject: string;
  event: CloudEvent;
}

const SOURCE = '/services/status';

interface RunTelling {
  run: RunSnapshot;
  previous: RunState | undefined;
  recovered: boolean;
  awaits: readonly string[] | undefined;
  cause: CloudEvent;
}

/** `status.run.<flow>.<state>`. The id holds run and version, so that telling it twice is telling it once. */
export const runStatusMessage = ({ run, previous, recovered, awaits, cause }: RunTelling): StatusMessage => ({
  subject: subjects.runStatus(run.flow, run.state),
  event: cloudEvent({
    id: `${run.id}:${run.version}:status.${run.state}`, source: SOURCE, type: `runstatus.${run.state}`, subject: run.id,
    time: new Date(cause.time), correlationId: run.id, causationId: cause.id, data: { run, previous, recovered, ...(awaits && { awaits }) },
  }),
});

/** `status.step.<flow>.<state>`. */
export const stepStatusMessage = (run: RunSnapshot, step: StepSnapshot, cause: CloudEvent): StatusMessage => ({
  subject: subjects.stepStatus(run.flow, step.state),
  event: cloudEvent({
    id: `${run.id}:${run.version}:status.step.${step.name}.${step.state}`, source: SOURCE, type: `stepstatus.${step.state}`,
    subject: run.id, time: new Date(cause.time), correlationId: run.id, causationId: cause.id, data: { run, step: step.name },
  }),
});

/** `status.approval.<flow>.<state>`; `voted` while others have to approve as well. */
export const approvalStatusMessage = (type: string, cause: CloudEvent<ApprovalChanged>): StatusMessage => {
  const { approval } = cause.data;
  const state = type === 'approval.voted' ? 'voted' : approval.state;
  return {
    subject: subjects.approvalStatus(approval.flow, state),
    event: cloudEvent({
      id: `${approval.id}:${approval.version}:status.${state}`, source: SOURCE, type: `approvalstatus.${state}`, subject: approval.id,
      time: new Date(cause.time), correlationId: approval.run, causationId: cause.id, data: cause.data,
    }),
  };
};

/** `status.join.<flow>.missing`. The event's id is the round's, so that telling it twice is telling it once. */
export const joinStatusMessage = (cause: CloudEvent<JoinMissing>): StatusMessage => ({
  subject: subjects.joinStatus(cause.data.flow, 'missing'),
  event: cloudEvent({
    id: `${cause.id}:status`, source: SOURCE, type: 'joinstatus.missing', subject: cause.subject, time: new Date(cause.time),
    correlationId: cause.correlationid, causationId: cause.id, data: cause.data,
  }),
});

/** The last token of `status.pipelinerun.<connection>.<state>`: queued, started or the outcome. */
export const pipelineRunState = (type: string, data: PlatformEvent): string =>
  type === 'pipelinerun.finished' ? (data.outcome ?? 'finished') : type.slice('pipelinerun.'.length);

/** Messages whose ids begin alike are sent in order: here, those of one platform run. */
const orderKey = (fact: string): string => createHash('sha256').update(platformRunKeyOfFact(fact)).digest('hex').slice(0, 16);

/** `status.pipelinerun.<connection>.<state>`; the id is the fact's, whoever told it. */
export const pipelineRunStatusMessage = (type: string, cause: CloudEvent<PlatformEvent>): StatusMessage => {
  const state = pipelineRunState(type, cause.data);
  return {
    subject: subjects.pipelineRunStatus(cause.data.connection, state),
    event: cloudEvent({
      id: `${orderKey(cause.fact)}:${cause.fact}`, source: SOURCE, type: `pipelinerunstatus.${state}`, subject: cause.subject, fact: cause.fact,
      time: new Date(cause.time), correlationId: cause.correlationid, causationId: cause.id, data: cause.data,
    }),
  };
};
