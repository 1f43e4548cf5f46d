import type { Flow } from '@stellwerk/flows';

/** A changed flow's trigger of which nothing can be said: no single event starts it. */
export interface NotPlayed {
  flow: string;
  /** Its place in the file, from 0. */
  trigger: number;
  kind: 'schedule' | 'absent' | 'all';
}

/** Of both sides, by flow. Of flows that are the same on both nothing would change, whatever starts them. */
export const notPlayedIn = (before: readonly Flow[], after: readonly Flow[]): NotPlayed[] => {
  const changed = [...missingIn(after, before), ...missingIn(before, after)];
  const all = changed.flatMap(({ name, on }) => on.flatMap(({ index, ...trigger }) => {
    const kind = (['schedule', 'absent', 'all'] as const).find((one) => trigger[one] !== undefined);
    return kind === undefined ? [] : [{ flow: name, trigger: index, kind }];
  }));
  const once = new Map(all.map((one) => [`${one.flow} ${one.trigger} ${one.kind}`, one]));
  return [...once.values()].sort((a, b) => (a.flow === b.flow ? a.trigger - b.trigger : a.flow < b.flow ? -1 : 1));
};

const missingIn = (others: readonly Flow[], flows: readonly Flow[]): Flow[] => {
  const revisions = new Set(others.map(({ revision }) => revision));
  return flows.filter(({ revision }) => !revisions.has(revision));
};
