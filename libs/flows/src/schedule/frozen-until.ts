import type { Freeze } from '../model.js';
import { lastInstant } from './cron.js';

/** When nothing is deployed, and why. */
export interface Frozen {
  /** The first instant at which it is over; windows that touch or overlap are one. */
  until: Date;
  /** Of each window that has one, in their order, once. */
  reasons: readonly string[];
}

interface Window {
  until: Date;
  reason?: string;
}

/** Windows that go on from one to the next without an end are said to last as long as so many of them. */
const MOST_WINDOWS = 1000;

/** Whether one of the windows holds the instant `now`, and until when without a gap, and why: the reasons of all that make it last so long. A window ends right before its `to`. */
export const frozenUntil = (freezes: readonly Freeze[], now: Date): Frozen | undefined => {
  const reasons = new Set<string>();
  let until: Date | undefined;
  for (let count = 0; count < MOST_WINDOWS; count += 1) {
    const next = windowAt(freezes, until ?? now);
    if (!next) break;
    until = next.until;
    if (next.reason !== undefined) reasons.add(next.reason);
  }
  return until && { until, reasons: [...reasons] };
};

/** Of the windows that hold the instant the one that ends last. */
const windowAt = (freezes: readonly Freeze[], at: Date): Window | undefined =>
  freezes.flatMap((freeze): Window[] => {
    const until = endOf(freeze, at);
    return until === undefined ? [] : [{ until, ...(freeze.reason !== undefined && { reason: freeze.reason }) }];
  }).sort((a, b) => b.until.getTime() - a.until.getTime())[0];

const endOf = (freeze: Freeze, at: Date): Date | undefined => {
  const [from, to] = 'cron' in freeze ? latest(freeze, at) : [Date.parse(freeze.from), Date.parse(freeze.to)];
  return from <= at.getTime() && at.getTime() < to ? new Date(to) : undefined;
};

/** The window that began last. `for` is time that passes: over a change of the clocks it ends an hour earlier or later by the clock. */
const latest = ({ cron, zone, forMs }: Extract<Freeze, { cron: string }>, at: Date): [number, number] => {
  const from = lastInstant({ cron: cron, zone: zone }, at)?.getTime();
  return from === undefined ? [Infinity, Infinity] : [from, from + forMs];
};
