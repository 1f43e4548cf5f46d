import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';

/** A letter with something to be carried out. */
export interface LetterWork {
  id: string;
  todo: 'send' | 'erase';
  /** Its places in DEAD_LETTERS. */
  positions: number[];
  /** Where the original is, as long as its stream has it. */
  stream: string;
  sequence: number | null;
  subject: string;
  messageId: string;
  replay: number | null;
}

interface WorkRow {
  id: string;
  todo: 'send' | 'erase';
  positions: string[];
  stream: string;
  sequence: string | null;
  subject: string;
  message_id: string;
  replay: string | null;
}

const numberOf = (text: string | null): number | null => (text === null ? null : Number(text));

const LEASE_SECONDS = 15;

const CLAIM = `
  UPDATE dead_letters SET leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
  WHERE id IN (SELECT id FROM dead_letters WHERE todo IS NOT NULL AND leased_until < clock_timestamp() ORDER BY positions[1] LIMIT $1 FOR UPDATE SKIP LOCKED)
  RETURNING id, todo, positions, stream, sequence, subject, message_id, replay`;

const DONE = "todo = NULL, leased_until = '-infinity'";

// The counts move in the same statement, so that each letter is counted once.
const counted = (count: 'sent' | 'failed', letter: string): string => `
  WITH letter AS (${letter})
  UPDATE replays SET ${count} = ${count} + 1,
    state = CASE WHEN sent + failed + 1 >= matched THEN 'done' ELSE state END,
    finished_at = CASE WHEN sent + failed + 1 >= matched THEN now() END
  FROM letter WHERE replays.number = letter.replay`;

const SENT = counted('sent', `UPDATE dead_letters SET ${DONE}, sent_at = now() WHERE id = $1 AND replay = $2 AND todo = 'send' RETURNING replay`);
const FAILED = counted('failed', `UPDATE dead_letters SET ${DONE}, state = 'open', note = $3 WHERE id = $1 AND replay = $2 AND todo = 'send' RETURNING replay`);

/** What is left to do for letters that people decided about; any number of replicas share it. */
@Injectable()
export class LetterWorkRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first, leased for a quarter minute. */
  async claim(limit: number): Promise<LetterWork[]> {
    const rows = await this.database.query<WorkRow>(CLAIM, [limit]);
    return rows
      .map(({ message_id: messageId, positions, sequence, replay, ...row }) => ({ ...row, messageId, positions: positions.map(Number), sequence: numberOf(sequence), replay: numberOf(replay) }))
      .sort((one, other) => one.positions[0]! - other.positions[0]!);
  }

  /** Of this order; a later one is another matter. */
  async sent({ id, replay }: LetterWork): Promise<void> {
    await this.database.query(SENT, [id, replay]);
  }

  /** It cannot be sent: it is open again and says why. */
  async failed({ id, replay }: LetterWork, note: string): Promise<void> {
    await this.database.query(FAILED, [id, replay, note]);
  }

  /** A copy that was written meanwhile is left for the next round. */
  async erased({ id, positions }: LetterWork): Promise<void> {
    await this.database.query(
      `UPDATE dead_letters SET leased_until = '-infinity', erased_at = now(), todo = CASE WHEN cardinality(positions) > $2 THEN todo END
       WHERE id = $1 AND todo = 'erase'`,
      [id, positions.length],
    );
  }

  /** Gives back what was claimed and not done. */
  async release(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.database.query("UPDATE dead_letters SET leased_until = '-infinity' WHERE id = ANY($1)", [ids]);
  }
}
