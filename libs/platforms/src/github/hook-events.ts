import type { PlatformEventType } from '@stellwerk/contracts';

const CHANGE = ['pull_request'];
const DEPLOYMENT = ['deployment_status'];

/**
 * Which webhooks tell an event, `<event>` or `<event>/<action>`; the first is the one to ask for.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
const TELLERS: Readonly<Record<PlatformEventType, readonly string[]>> = {
  'pipelinerun.queued': ['workflow_run/requested'],
  'pipelinerun.started': ['workflow_run/in_progress'],
  'pipelinerun.finished': ['workflow_run/completed'],
  'taskrun.started': ['workflow_job/in_progress'],
  'taskrun.finished': ['workflow_job/completed'],
  'change.created': CHANGE, 'change.updated': CHANGE, 'change.merged': CHANGE, 'change.abandoned': CHANGE,
  // A push of many branches or tags at once sends no `push`.
  'branch.created': ['create', 'push'],
  'branch.deleted': ['delete', 'push'],
  'commit.pushed': ['push'],
  'tag.created': ['create', 'push'],
  'deployment.started': DEPLOYMENT, 'deployment.finished': DEPLOYMENT,
  'release.published': ['release'],
  'custom.received': ['repository_dispatch'],
};

/** The events that a webhook has to send for these to be heard, each once. */
export const githubHookEvents = (types: readonly PlatformEventType[]): string[] => [...new Set(types.map((type) => TELLERS[type][0]!.split('/')[0]!))];

/** True when a delivery of that event and action may tell one of these. */
export const mayTellGithub = (types: readonly PlatformEventType[], event: string, action: string | undefined): boolean =>
  types.some((type) => TELLERS[type].some((teller) => teller === event || teller === `${event}/${action}`));
