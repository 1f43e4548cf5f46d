import type { PlatformEventType } from '@stellwerk/contracts';

const CHANGE = 'merge_requests_events';
const PIPELINE = 'pipeline_events';
const PUSH = 'push_events';

/** The switch of a webhook that tells an event; none for what GitLab has no webhook of. https://docs.gitlab.com/api/project_webhooks/ */
const SWITCHES: Readonly<Partial<Record<PlatformEventType, string>>> = {
  'pipelinerun.queued': PIPELINE, 'pipelinerun.started': PIPELINE, 'pipelinerun.finished': PIPELINE,
  'taskrun.started': 'job_events', 'taskrun.finished': 'job_events',
  'change.created': CHANGE, 'change.updated': CHANGE, 'change.merged': CHANGE, 'change.abandoned': CHANGE,
  'branch.created': PUSH, 'branch.deleted': PUSH, 'commit.pushed': PUSH,
  'tag.created': 'tag_push_events',
  'deployment.started': 'deployment_events', 'deployment.finished': 'deployment_events',
  'release.published': 'releases_events',
};

/** The switches that a webhook must have on for these to be heard, each once. */
export const gitlabHookSwitches = (types: readonly PlatformEventType[]): string[] =>
  [...new Set(types.map((type) => SWITCHES[type]).filter((one) => one !== undefined))];
