/** Short types a platform's hook or a poll can tell; the words of CDEvents. */
export const PLATFORM_EVENT_TYPES = [
  'pipelinerun.queued', 'pipelinerun.started', 'pipelinerun.finished',
  'taskrun.started', 'taskrun.finished',
  'change.created', 'change.updated', 'change.merged', 'change.abandoned',
  'branch.created', 'branch.deleted', 'commit.pushed', 'tag.created',
  'deployment.started', 'deployment.finished', 'release.published', 'custom.received',
] as const;

export type PlatformEventType = (typeof PLATFORM_EVENT_TYPES)[number];

/** Events of our own that flows may listen to. */
export const OWN_TRIGGER_TYPES = ['schedule.fired', 'absence.detected', 'run.requested'] as const;

/** What a flow's `on: event` may name. */
export const FLOW_EVENT_TYPES = [...PLATFORM_EVENT_TYPES, ...OWN_TRIGGER_TYPES] as const;

/** What a connector says about a command; subject `events.<platform>.<type>`. `delayed` settles nothing: it only says why it takes so long. */
export const TRIGGER_EVENT_TYPES = ['trigger.accepted', 'trigger.rejected', 'trigger.unknown', 'trigger.delayed'] as const;

export type TriggerEventType = (typeof TRIGGER_EVENT_TYPES)[number];
