import type { JoinMissing } from '@stellwerk/contracts';
import { durationText } from '../render/text.js';
import { noticePlace, type Notice } from './notice.js';
import { idOf, type Notify, type PlannedDelivery } from './plan-deliveries.js';

const listed = (names: readonly string[]): string => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);

const noticeOf = (missing: JoinMissing, round: string, at: string, publicUrl: string): Notice => ({
  word: 'missing', at, run: round, flow: missing.flow, attempt: 1, version: 1, state: 'missing', url: publicUrl,
  reason: `${listed(missing.missing)} did not come within ${durationText(missing.withinSeconds * 1_000)} of ${missing.came[0]!.name}; there: ${listed(missing.came.map(({ name }) => name))} (key ${missing.key})`,
  ...noticePlace(missing), ...(missing.pipeline && { pipeline: noticePlace(missing.pipeline) }), sha: missing.sha, causeUrl: missing.came.at(-1)!.url, steps: [],
});

/** What the flow's `notify` wants said of a join that started no run; each channel once. */
export const planMissing = (missing: JoinMissing, at: string, notify: readonly Notify[], publicUrl: string): PlannedDelivery[] => {
  // In the place of a run: what is said of one round has nothing to do with what was said of another.
  const round = `${missing.join}:${missing.endedAt}`;
  const channels = new Set(notify.filter(({ on }) => on.includes('missing')).map(({ channel }) => channel));
  return [...channels].map((channel) => ({
    id: idOf([round, 'missing', 1, channel]), run: round, transition: 'missing', occurrence: 1, channel, flow: missing.flow, version: 1,
    notice: noticeOf(missing, round, at, publicUrl),
  }));
};
