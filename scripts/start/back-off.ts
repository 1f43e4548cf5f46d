const FIRST_MS = 250;
const MAX_MS = 10_000;
/** One that ran this long starts with a clean slate. */
const STEADY_MS = 30_000;

/** How long to wait before the next start of a process that ended after `ranMs`; `previousMs` is 0 the first time. */
export const nextDelay = (previousMs: number, ranMs: number): number =>
  previousMs === 0 || ranMs >= STEADY_MS ? FIRST_MS : Math.min(previousMs * 2, MAX_MS);
