import { parameterOf, type BuildAnswer, type QueueItem } from '../jenkins.client.js';

export interface Sought {
  commandId: string;
  carrierName: string;
  /** The job declares our parameter, so that ours cannot be without it. */
  carrier: boolean;
  /** Begin of the first send, less the skew clocks may have. */
  since: number;
  /** Our Jenkins user, when known. */
  user?: string;
}

export interface Claims {
  handles: ReadonlySet<string>;
  builds: ReadonlySet<number>;
}

export type FoundBuild = { kind: 'item'; item: QueueItem } | { kind: 'build'; build: BuildAnswer } | { kind: 'absent' } | { kind: 'cannot'; count: number };

const startedBy = (of: Pick<BuildAnswer, 'actions'>, user: string | undefined): boolean => {
  const users = (of.actions ?? []).flatMap((action) => action?.causes ?? []).map(({ userId }) => userId);
  return user === undefined || users.length === 0 || users.every((one) => one === undefined || one === null) || users.includes(user);
};

/** What of the job's queue and builds an unsettled dispatch may have started. */
export const findBuild = (items: readonly QueueItem[], builds: readonly BuildAnswer[], sought: Sought, claims: Claims): FoundBuild => {
  const isOurs = (of: Pick<BuildAnswer, 'actions'>): boolean => parameterOf(of, sought.carrierName) === sought.commandId;
  const build = builds.find(isOurs);
  if (build) return { kind: 'build', build };
  const item = items.find(isOurs);
  if (item) return { kind: 'item', item };
  if (sought.carrier) return { kind: 'absent' };
  const possible = [
    ...items.filter((one) => (one.inQueueSince ?? Infinity) >= sought.since && startedBy(one, sought.user) && !claims.handles.has(String(one.id))).map((one) => ({ kind: 'item' as const, item: one })),
    ...builds.filter((one) => (one.timestamp ?? Infinity) >= sought.since && startedBy(one, sought.user) && !claims.builds.has(one.number) && !claims.handles.has(String(one.queueId))).map((one) => ({ kind: 'build' as const, build: one })),
  ];
  if (possible.length === 1) return possible[0]!;
  return possible.length === 0 ? { kind: 'absent' } : { kind: 'cannot', count: possible.length };
};
