import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { Living } from '../channels/index.js';

/** Of which message it is asked. `follows`: a run whose message may be taken over. */
export interface Wanted {
  run: string;
  channel: string;
  follows: string | null;
}

const OF_RUN = 'SELECT place, ts FROM threads WHERE channel = $1 AND run = $2';

/** Runs that wait for each other's messages are few; who is further away is waited for a little longer. */
const MOST_HOPS = 10;

// Something of that run is under way to the very message: it would be written over by what is older. Not waited for is what itself
// waits for this run, be it through others: of those that go round in a circle, as none of them was posted, one has to be the first.
const UNDER_WAY = `
  WITH RECURSIVE awaited AS (
    SELECT $2::text AS run, 1 AS hops
    UNION
    SELECT next.follows, hops + 1 FROM awaited, LATERAL (
      SELECT follows FROM deliveries WHERE run = awaited.run AND channel = $1 AND state = 'pending' AND attempts = 0 ORDER BY version, seq LIMIT 1) AS next
    WHERE next.follows IS NOT NULL AND hops < ${MOST_HOPS} AND NOT EXISTS (SELECT FROM threads WHERE threads.channel = $1 AND threads.run = awaited.run)
  )
  SELECT EXISTS (SELECT FROM deliveries WHERE run = $2 AND channel = $1 AND state = 'sending')
    OR (EXISTS (SELECT FROM deliveries WHERE run = $2 AND channel = $1 AND state = 'pending' AND attempts = 0) AND NOT EXISTS (SELECT FROM awaited WHERE run = $3)) AS busy`;

const TAKE_OVER = 'UPDATE threads SET run = $3 WHERE channel = $1 AND run = $2 RETURNING place, ts';

const KEEP = `
  INSERT INTO threads (channel, run, place, ts) VALUES ($1, $2, $3, $4)
  ON CONFLICT (channel, run) DO UPDATE SET place = EXCLUDED.place, ts = EXCLUDED.ts, posted_at = now()`;

/** Which message shows a run: each message one run, and each run one message. */
@Injectable()
export class ThreadsRepository {
  /** The run's message, its own or one taken over; `wait`: that one is being written to. To be asked under the lock of run and channel. */
  async find(tx: Queryable, { run, channel, follows }: Wanted): Promise<Living | 'wait' | undefined> {
    const [own] = await tx.query<Living>(OF_RUN, [channel, run]);
    if (own || follows === null) return own;
    // Only tried: whoever holds the other run may want this one.
    const [lock] = await tx.query<{ free: boolean }>("SELECT pg_try_advisory_xact_lock(hashtextextended($2 || ' ' || $1, 0)) AS free", [channel, follows]);
    if (!lock!.free) return 'wait';
    const [state] = await tx.query<{ busy: boolean }>(UNDER_WAY, [channel, follows, run]);
    if (state!.busy) return 'wait';
    return (await tx.query<Living>(`WITH moved AS (${TAKE_OVER}) SELECT place, ts FROM moved`, [channel, follows, run]))[0];
  }

  /** From now on the run is shown there. */
  async keep(tx: Queryable, channel: string, run: string, { place, ts }: Living): Promise<void> {
    await tx.query(KEEP, [channel, run, place, ts]);
  }

  /** The message is gone. */
  async drop(tx: Queryable, channel: string, run: string): Promise<void> {
    await tx.query('DELETE FROM threads WHERE channel = $1 AND run = $2', [channel, run]);
  }
}
