import type { Delivery } from './deliveries.client.js';

/** We answer 2xx only when something durable has it; a redirect or a page of a proxy is none. */
export const arrived = ({ code }: Delivery): boolean => code >= 200 && code <= 299;

export interface Judged {
  /** The newest failed attempt of each that did not arrive by any attempt here. A ping has nothing to tell that one would miss. */
  failed: Delivery[];
  /** Those that arrived. */
  arrived: Delivery[];
}

/** What came of the deliveries of one page, newest first: one a delivery id. */
export const judgeDeliveries = (page: readonly Delivery[]): Judged => {
  const byGuid = [...Map.groupBy(page, ({ guid }) => guid).values()];
  const there = byGuid.flatMap((attempts) => attempts.find(arrived) ?? []);
  return { arrived: there, failed: byGuid.filter((attempts) => !attempts.some(arrived)).map(([newest]) => newest!).filter(({ event }) => event !== 'ping') };
};

/** After so many, a delivery is given up: in thirty hours and a half. GitHub keeps it for three days. */
export const MOST_ASKS = 6;
const MINUTE = 60_000;
/** GitHub's log may lag by minutes, so that nobody knows earlier that asking was in vain. */
const WAITS_MS = [3 * MINUTE, 15 * MINUTE, 60 * MINUTE, 6 * 60 * MINUTE, 24 * 60 * MINUTE];

/** How long to wait after a delivery was asked for the n-th time. */
export const waitAfterAskMs = (asks: number): number => WAITS_MS[Math.min(asks, WAITS_MS.length) - 1]!;
