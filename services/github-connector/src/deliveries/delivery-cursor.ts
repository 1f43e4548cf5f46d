/** How far the log of a webhook was read; times are GitHub's unless said otherwise. */
export interface DeliveryCursor {
  /** Which webhook leads to us, and when (ours) it was looked up. */
  hook: { id: string; at: string };
  /** All deliveries until then were read. */
  readTo: string;
  /** The last deep reading: when (ours), and where `readTo` stood then. */
  deep: { at: string; to: string };
  /** A reading that is not at its end: the page it goes on with, how far down it goes, and the newest delivery it has seen. */
  reading: { page: string; from: string; top: string; deep: boolean };
  /** Since when deliveries fail; pings sent since, and when (ours) the last one was. */
  failing: { since: string; status: string; pings: number; pingedAt?: string };
}

/** GitHub keeps deliveries, and sends them again, for so long. https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks */
export const KEPT_MS = 3 * 24 * 3_600_000;
/** A delivery stands in the log when it is over, up to half a minute later (on an Enterprise Server), behind some that began after it. */
const OVERLAP_MS = 30_000;
/** "It can take a few minutes for a delivery to show up": so every quarter of an hour what is older is looked through once more. */
const DEEP_EVERY_MS = 15 * 60_000;
const DEEP_OVERLAP_MS = 10 * 60_000;

/** How far down the next reading goes. */
export const nextReading = ({ readTo, deep }: Partial<DeliveryCursor>, now: Date): { from: Date; deep: boolean } => {
  const oldest = now.getTime() - KEPT_MS;
  if (readTo === undefined) return { from: new Date(oldest), deep: true };
  const isDeep = deep === undefined || now.getTime() - Date.parse(deep.at) > DEEP_EVERY_MS;
  const from = isDeep ? Date.parse(deep?.to ?? readTo) - DEEP_OVERLAP_MS : Date.parse(readTo) - OVERLAP_MS;
  return { from: new Date(Math.max(oldest, from)), deep: isDeep };
};

/** The cursor after a reading that got to its end. */
export const afterReading = (cursor: Partial<DeliveryCursor>, { top, deep }: { top: string | undefined; deep: boolean }, now: Date): Partial<DeliveryCursor> => {
  const { reading: _reading, ...rest } = cursor;
  if (top === undefined) return rest;
  return { ...rest, readTo: top, ...(deep ? { deep: { at: now.toISOString(), to: top } } : {}) };
};

const MINUTE_MS = 60_000;
const OFTEN = 30;

/** A webhook that fails is pinged so often: soon when it has begun, later every five minutes. */
export const pingWaitMs = ({ pings }: Pick<DeliveryCursor['failing'], 'pings'>): number => (pings < OFTEN ? MINUTE_MS : 5 * MINUTE_MS);
