import { parameterOf, type BuildAnswer, type QueueItem } from '../jenkins.client.js';

export interface Sought {
  commandId: string;
  carrierName: string;
  /** The job declares our parameter, so that ours cannot be without it. */
  carrier: boolean;
  /** Begin of the first send, less the skew clocks may have. */
  since: number;
  /** The id Jenkins has for us, when it said so. */
  user?: string;
}

export interface Claims {
  handles: ReadonlySet<string>;
  builds: ReadonlySet<number>;
}

export type FoundBuild = { kind: 'item'; item: QueueItem } | { kind: 'build'; build: BuildAnswer } | { kind: 'absent' } | { kind: 'cannot'; count: number };

const startedBy = (of: Pick<BuildAnswer, 'actions'>, user: string | undefined): boolean => {
  const users = (of.actions ?? []).flatMap((action) => action?.causes ?? []).flatMap(({ userId }) => (userId ? [userId.toLowerCase()] : []));
  return user === undefined || users.length === 0 || users.includes(user.toLowerCase());
};

/** What of the job's queue and builds an unsettled dispatch may have started. */
export const findBuild = (items: readonly QueueItem[], builds: readonly BuildAnswer[], sought: Sought, claims: Claims): FoundBuild => {
  const isOurs = (of: Pick<BuildAnswer, 'actions'>): boolean => parameterOf(of, sought.carrierName) === sought.commandId;
  const build = builds.find(isOurs);
  if (build) return { kind: 'build', build };
  const item = items.find(isOurs);
  if (item) return { kind: 'item', item };
  if (sought.carrier) return { kind: 'absent' };
  const isFree = (of: Pick<BuildAnswer, 'actions'>, at: number | undefined, handle: number | undefined): boolean =>
    (at ?? Infinity) >= sought.since && startedBy(of, sought.user) && !claims.handles.has(String(handle));
  const freeItems = items.filter((one) => isFree(one, one.inQueueSince, one.id));
  const freeBuilds = builds.filter((one) => isFree(one, one.timestamp, one.queueId) && !claims.builds.has(one.number));
  const possible: FoundBuild[] = [
    ...freeItems.map((one) => ({ kind: 'item' as const, item: one })), ...freeBuilds.map((one) => ({ kind: 'build' as const, build: one })),
  ];
  if (possible.length === 1) return possible[0]!;
  return possible.length === 0 ? { kind: 'absent' } : { kind: 'cannot', count: possible.length };
};
