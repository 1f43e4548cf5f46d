/** Every wait of the kit, in milliseconds. */
export interface Timing {
  /** How often the own tables are asked for what is due that this process knows nothing of: left behind, or parked elsewhere. */
  sweepMs: number;
  /** A command waits so long for a slot of its connection and for its lane, then in the table; so many wait for slots of one, or a lane. */
  admission: { waitMs: number; most: number };
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
  /** Who waits for its lane asks again so soon, then less and less often; who leaves the lane in the same process wakes it at once. */
  lane: { baseMs: number; factor: number; maxMs: number };
  /** A command that is open for so long says why, so that its step can show it; while it is looked up, what is new about that not more often than that. */
  delay: { tellMs: number; againMs: number };
  carrierNoteMs: number;
  follow: { firstMs: number; hookFactor: number; endAfterMs: number };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const TIMING: Timing = {
  sweepMs: 1_000,
  admission: { waitMs: 1_000, most: 32 },
  leaseInTimeouts: 4,
  lookUp: { firstMs: 2_000, gapMs: 10_000, quietMs: 30_000, tellAfterMs: 2 * MINUTE, maxGapMs: MINUTE, endAfterMs: 24 * HOUR },
  resend: { baseMs: 1_000, factor: 2, maxMs: MINUTE, giveUpAfterMs: HOUR },
  resolve: { firstMs: 500, factor: 1.5, maxMs: 15_000 },
  lane: { baseMs: 500, factor: 1.5, maxMs: 5_000 },
  // Longer than the quiet period of Jenkins (5 s), in which nothing is wrong.
  delay: { tellMs: 10_000, againMs: MINUTE },
  carrierNoteMs: HOUR,
  follow: { firstMs: 5_000, hookFactor: 4, endAfterMs: 7 * 24 * HOUR },
};

/** Provider token of the timing in force. */
export const TIMING_TOKEN: unique symbol = Symbol('stellwerk.connector-timing');
