import type { Cause, Outcome } from '@stellwerk/contracts';

/** Reasons that lie with the runners, not with the work. https://docs.gitlab.com/api/jobs/ (failure_reason) */
const INFRASTRUCTURE = new Set([
  'runner_system_failure', 'stuck_or_timeout_failure', 'stuck_pending_no_active_runner', 'stuck_pending_with_matching_runners',
  'stuck_pending_no_matching_runner', 'runner_unsupported', 'scheduler_failure', 'data_integrity_failure', 'api_failure',
  'stale_schedule', 'archived_failure', 'no_matching_runner', 'unknown_failure', 'runner_provisioning_timeout',
]);

const failureOf = (reasons: readonly (string | undefined)[]): Outcome => {
  if (reasons.length === 0) return 'failure';
  if (reasons.every((reason) => reason === 'job_execution_timeout')) return 'timeout';
  return reasons.every((reason) => reason !== undefined && INFRASTRUCTURE.has(reason)) ? 'error' : 'failure';
};

/**
 * The outcome behind a final status; undefined for every other one.
 * `reasons`: the failure reason of each job that made it fail, where they are known.
 */
export const outcomeOfGitlab = (status: string | undefined, reasons: readonly (string | undefined)[] = []): Outcome | undefined => {
  switch (status) {
    case 'success':
      return 'success';
    case 'failed':
      return failureOf(reasons);
    case 'canceled':
    case 'cancelled':
      return 'cancelled';
    case 'skipped':
      return 'skipped';
    default:
      return undefined;
  }
};

const CAUSES: Readonly<Record<string, Cause>> = {
  push: 'push',
  webide: 'push',
  merge_request_event: 'change',
  external_pull_request_event: 'change',
  schedule: 'schedule',
  web: 'manual',
  chat: 'manual',
  api: 'api',
  trigger: 'api',
  pipeline: 'api',
};

/** Why a pipeline began, from its `source`. */
export const causeOfGitlab = (source: string | undefined): Cause | undefined =>
  source !== undefined && Object.hasOwn(CAUSES, source) ? CAUSES[source] : undefined;
