import { parseApprovalId, type ApprovalChanged } from '@stellwerk/contracts';
import { noticeOf, type Notice } from './notice.js';
import { idOf, type Notify, type PlannedDelivery } from './plan-deliveries.js';

/** Whom a step asks, on the page where they can answer; the run's own reason would say it once more. */
const noticeFor = ({ approval, run }: ApprovalChanged, at: string, publicUrl: string): Notice => {
  const { reason: _, ...notice } = noticeOf(run, 'approval', at, publicUrl);
  const step = run.steps.find(({ name }) => name === approval.step);
  return { ...notice, step: { name: approval.step, state: 'waiting', reason: step?.reason, url: notice.url } };
};

/** What the flow's `notify` wants said about people being asked: once an approval, each channel once. */
export const planApproval = (change: ApprovalChanged, at: string, notify: readonly Notify[], publicUrl: string): PlannedDelivery[] => {
  const { approval, run } = change;
  const [transition, occurrence] = [`approval ${approval.step}`, parseApprovalId(approval.id)?.n ?? 0];
  const channels = new Set(notify.filter(({ on }) => on.includes('approval')).map(({ channel }) => channel));
  return [...channels].map((channel) => ({
    id: idOf([run.id, transition, occurrence, channel]), run: run.id, transition, occurrence, channel, flow: run.flow, version: run.version,
    notice: noticeFor(change, at, publicUrl),
  }));
};
