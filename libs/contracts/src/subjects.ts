import type { Platform } from './platforms.js';
import type { ApprovalState } from './messages/approval.message.js';
import type { RunState, StepState } from './messages/run.message.js';

/** A subject token: connections, flows and actions are held to it; repository names and ids never enter subjects. */
export const SUBJECT_TOKEN = /^[a-z0-9-]+$/;

const token = (value: string): string => {
  if (!SUBJECT_TOKEN.test(value)) throw new Error(`"${value}" cannot be part of a subject: expected [a-z0-9-]+`);
  return value;
};

export const subjects = {
  hook: (platform: Platform, connection: string): string => `hooks.${platform}.${token(connection)}`,
  /** `type` is the short form, e.g. `pipelinerun.finished`; `source` a platform or a service. */
  event: (source: string, type: string): string => `events.${token(source)}.${type.split('.').map(token).join('.')}`,
  command: (platform: Platform, connection: string, action: string): string =>
    `commands.${platform}.${token(connection)}.${token(action)}`,
  runStatus: (flow: string, state: RunState): string => `status.run.${token(flow)}.${state}`,
  stepStatus: (flow: string, state: StepState): string => `status.step.${token(flow)}.${state}`,
  pipelineRunStatus: (connection: string, state: string): string => `status.pipelinerun.${token(connection)}.${token(state)}`,
  joinStatus: (flow: string, state: string): string => `status.join.${token(flow)}.${token(state)}`,
  /** `voted`: somebody approved, and others have to as well. */
  approvalStatus: (flow: string, state: ApprovalState | 'voted'): string => `status.approval.${token(flow)}.${state}`,
  deadLetter: (stream: string, consumer: string): string => `dead-letters.${stream}.${token(consumer)}`,
};
