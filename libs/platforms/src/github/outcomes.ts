import type { Cause, Outcome } from '@stellwerk/contracts';

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  success: 'success',
  neutral: 'success',
  failure: 'failure',
  startup_failure: 'error',
  stale: 'error',
  action_required: 'error',
  timed_out: 'timeout',
  cancelled: 'cancelled',
  skipped: 'skipped',
};

/** The outcome behind a run's or job's conclusion; undefined for none and for words not known yet. */
export const outcomeOfGithub = (conclusion: string | null | undefined): Outcome | undefined =>
  conclusion && Object.hasOwn(OUTCOMES, conclusion) ? OUTCOMES[conclusion] : undefined;

const CAUSES: Readonly<Record<string, Cause>> = {
  push: 'push',
  pull_request: 'change',
  pull_request_target: 'change',
  pull_request_review: 'change',
  pull_request_review_comment: 'change',
  merge_group: 'change',
  schedule: 'schedule',
  workflow_dispatch: 'manual',
  repository_dispatch: 'api',
  deployment: 'api',
};

/** Why a run began, from the event that GitHub says started it. */
export const causeOfGithub = (event: string | undefined): Cause | undefined =>
  event !== undefined && Object.hasOwn(CAUSES, event) ? CAUSES[event] : undefined;
