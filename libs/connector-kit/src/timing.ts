/** Every wait of the kit, in milliseconds. */
export interface Timing {
  /** How often the own table is asked for dispatches that are due. */
  sweepMs: number;
  /** Lease of a dispatch, in HTTP time limits of its connection; at least 4. */
  leaseInTimeouts: number;
  lookUp: {
    /** First look after an unknown outcome; the platform may list a new run late. */
    firstMs: number;
    /** Two look-ups that agree on "absent" are at least so far apart … */
    gapMs: number;
    /** … and the last of them comes so long after the call. */
    quietMs: number;
    /** Then a person is told, and automatic sending ends; looking goes on. */
    tellAfterMs: number;
    /** The growing wait between look-ups ends here. */
    maxGapMs: number;
    /** No look-up after that. */
    endAfterMs: number;
  };
  resend: { baseMs: number; factor: number; maxMs: number; giveUpAfterMs: number };
  /** A queued item is asked for its run: first so soon, then growing. */
  resolve: { firstMs: number; factor: number; maxMs: number };
  laneMs: number;
  carrierNoteMs: number;
  follow: { firstMs: number; hookFactor: number; endAfterMs: number };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const TIMING: Timing = {
  sweepMs: 500,
  leaseInTimeouts: 4,
  lookUp: { firstMs: 2_000, gapMs: 10_000, quietMs: 30_000, tellAfterMs: 2 * MINUTE, maxGapMs: MINUTE, endAfterMs: 24 * HOUR },
  resend: { baseMs: 1_000, factor: 2, maxMs: MINUTE, giveUpAfterMs: HOUR },
  resolve: { firstMs: 500, factor: 1.5, maxMs: 15_000 },
  laneMs: 2_000,
  carrierNoteMs: HOUR,
  follow: { firstMs: 5_000, hookFactor: 4, endAfterMs: 7 * 24 * HOUR },
};

/** Provider token of the timing in force. */
export const TIMING_TOKEN: unique symbol = Symbol('stellwerk.connector-timing');
