import type { RunSnapshot } from '@stellwerk/contracts';
import {
  approvalStatusMessage, joinStatusMessage, pipelineRunStatusMessage, runStatusMessage, stepStatusMessage, type StatusMessage,
} from './status-messages.js';
import type { Recording } from './recording.js';
import type { Transitions } from './transitions.js';

/** What was found out about a recording while it was written down. */
export interface Found {
  /** Undefined: no version of a run, or one that was told before. */
  transitions: Transitions | undefined;
  /** It brought a fact that nobody had told, an approval's change, or the end of a join that started no run. */
  isNews: boolean;
  /** The run before it, of the same pipeline, failed or was rolled back. */
  afterFailure: boolean;
}

/** It had failed itself, and was retried: who heard of that shall hear of this. */
const failedBefore = ({ retried }: RunSnapshot): boolean => retried?.from === 'failed' || retried?.from === 'rolled-back';

/** What people shall hear of one event: of a run first its steps, then itself. */
export const tellingsOf = ({ event, type, change, news, approval, missing }: Recording, { transitions, isNews, afterFailure }: Found): StatusMessage[] => {
  if (news) return isNews ? [pipelineRunStatusMessage(type, news)] : [];
  if (approval) return isNews ? [approvalStatusMessage(type, approval)] : [];
  if (missing) return isNews ? [joinStatusMessage(missing)] : [];
  if (!change || !transitions) return [];
  const { run } = change;
  const { entered, previous, moved, awaits = [] } = transitions;
  const steps = run.steps.filter(({ name }) => moved.includes(name) || awaits.includes(name)).map((step) => stepStatusMessage(run, step, event));
  if (!entered) return steps;
  const recovered = run.state === 'succeeded' && (afterFailure || failedBefore(run));
  const waitsOn = run.state === 'waiting' && previous === 'waiting';
  return [...steps, runStatusMessage({ run, previous, recovered, awaits: waitsOn ? transitions.awaits : undefined, cause: event })];
};
