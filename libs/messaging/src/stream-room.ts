/** How full a stream is, and how far its consumers are. */
export interface Filling {
  firstSequence: number;
  /** Read before the consumers were asked. */
  lastSequence: number;
  messages: number;
  bytes: number;
  maxBytes: number;
  /** Of each consumer the oldest message it has not settled; undefined: it has settled all up to `lastSequence`. */
  unsettled: readonly (number | undefined)[];
}

/** Above this part of `max_bytes` room is made; below it history is kept for replays. */
const FULL = 0.7;
/** Down to this part: several rounds apart from the next time. */
const ROOMY = 0.5;

/**
 * The sequence below which a stream may be purged; undefined when nothing needs to go or may go. Never a message that
 * some consumer has not settled; of the others the oldest, and no more of them than makes room.
 */
export function purgeBelow({ firstSequence, lastSequence, messages, bytes, maxBytes, unsettled }: Filling): number | undefined {
  if (maxBytes <= 0 || messages === 0 || bytes <= FULL * maxBytes) return undefined;
  const settled = Math.min(lastSequence + 1, ...unsettled.map((sequence) => sequence ?? lastSequence + 1));
  // Sizes differ and sequences have gaps: this is an estimate, and the next round goes on where it was too low.
  const perSequence = bytes / (lastSequence - firstSequence + 1);
  const wanted = firstSequence + Math.ceil((bytes - ROOMY * maxBytes) / perSequence);
  const below = Math.min(settled, wanted);
  return below > firstSequence ? below : undefined;
}
