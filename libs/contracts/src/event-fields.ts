import type { PlatformEvent } from './messages/platform-event.message.js';
import { PLATFORM_EVENT_TYPES, type PlatformEventType } from './event-types.js';
import type { Platform } from './platforms.js';

type Field = keyof PlatformEvent;

const BRANCHES_AND_COMMITS: readonly PlatformEventType[] = ['branch.created', 'branch.deleted', 'commit.pushed'];
const CHANGES: readonly PlatformEventType[] = ['change.created', 'change.updated', 'change.merged', 'change.abandoned'];
const NO_RUNS: readonly PlatformEventType[] = [...BRANCHES_AND_COMMITS, ...CHANGES, 'tag.created', 'release.published'];
const NO_ENDS: readonly PlatformEventType[] = [...NO_RUNS, 'pipelinerun.queued', 'pipelinerun.started', 'taskrun.started', 'deployment.started', 'custom.received'];

/**
 * Which types never have a field, on whatever platform: what is in no translator, and by the nature of the event will be in none. A field that
 * is not here may be absent too. A spec of libs/platforms holds it against all that translators give.
 */
const NEVER: Readonly<Partial<Record<Field, readonly PlatformEventType[]>>> = {
  outcome: NO_ENDS,
  finishedAt: NO_ENDS,
  tag: [...BRANCHES_AND_COMMITS, ...CHANGES],
  branch: ['tag.created'],
  sha: ['branch.deleted'],
  base: [...BRANCHES_AND_COMMITS, 'tag.created', 'release.published'],
  change: [...BRANCHES_AND_COMMITS, 'tag.created', 'release.published'],
  run: NO_RUNS,
  pipeline: NO_RUNS,
  pipelineFile: NO_RUNS,
  environment: NO_RUNS,
  paths: [...CHANGES, 'branch.deleted', 'tag.created', 'release.published'],
  payload: PLATFORM_EVENT_TYPES.filter((type) => type !== 'custom.received'),
};

/** What a platform can tell by its translators; all types where it is not here. */
const RUNS = PLATFORM_EVENT_TYPES.filter((type) => type.startsWith('pipelinerun.'));
const TOLD_BY: Readonly<Partial<Record<Platform, readonly PlatformEventType[]>>> = {
  gitlab: PLATFORM_EVENT_TYPES.filter((type) => type !== 'custom.received'),
  jenkins: RUNS, prefect: RUNS, 'argo-workflows': RUNS, 'argo-cd': RUNS, n8n: RUNS,
  webhook: [...RUNS, 'custom.received'],
};

/** The types of events that a platform can tell. A spec of libs/platforms holds it against all that translators give. */
export const toldBy = (platform: Platform): readonly PlatformEventType[] => TOLD_BY[platform] ?? PLATFORM_EVENT_TYPES;

/** True when no event of any of these types can have the field. */
export const isNeverTold = (field: string, types: readonly PlatformEventType[]): boolean => {
  const without = Object.hasOwn(NEVER, field) ? NEVER[field as Field]! : [];
  return types.length > 0 && types.every((type) => without.includes(type));
};
