import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { Conditions } from '../http/conditions.js';
import { decodeCursor, pageOf, type Page } from '../http/cursor.js';
import type { DeadLettersQuery } from './dead-letters.query.js';
import { LETTER_COLUMNS, type LetterRow } from './letter-view.js';
import type { Letter } from './read-letter.js';

// A letter that was written again is the same letter; one that was purged meanwhile has another copy to erase.
const RECORD = `
  INSERT INTO dead_letters AS known
    (id, positions, stream, consumer, subject, reason, deliveries, message_id, sequence, content_type, bytes, preview, died_at)
  VALUES ($1, ARRAY[$2::bigint], $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  ON CONFLICT (id) DO UPDATE SET
    positions = known.positions || EXCLUDED.positions, todo = CASE WHEN known.state = 'purged' THEN 'erase' ELSE known.todo END
  WHERE NOT known.positions @> EXCLUDED.positions`;

/** Dead letters as people see them. */
@Injectable()
export class DeadLettersRepository {
  constructor(private readonly database: Database) {}

  /** Once per letter, however often it comes. */
  async record(letter: Letter): Promise<void> {
    await this.database.query(RECORD, [
      letter.id, letter.position, letter.stream, letter.consumer, letter.subject, letter.reason, letter.deliveries, letter.messageId, letter.sequence,
      letter.contentType, letter.bytes, letter.preview, letter.diedAt,
    ]);
  }

  /** Newest first. */
  async list(query: DeadLettersQuery): Promise<Page<LetterRow>> {
    const conditions = selecting(query).add('state = ANY(?)', query.state);
    if (query.cursor !== undefined) {
      const { at, id } = decodeCursor(query.cursor);
      conditions.add(`(died_at, id) < (?::timestamptz, ${conditions.bind(id)}::text)`, at);
    }
    const sql = `SELECT ${LETTER_COLUMNS} FROM dead_letters ${conditions.where} ORDER BY died_at DESC, id DESC LIMIT ${query.limit + 1}`;
    const rows = await this.database.query<LetterRow>(sql, conditions.parameters);
    return pageOf(rows, query.limit, (row) => ({ at: row.died_at.toISOString(), id: row.id }), (row) => row);
  }

  async find(id: string): Promise<LetterRow | undefined> {
    const [row] = await this.database.query<LetterRow>(`SELECT ${LETTER_COLUMNS} FROM dead_letters WHERE id = $1`, [id]);
    return row;
  }

  /** Letters nobody has decided about, by the consumer that gave them up. */
  async countOpen(): Promise<{ consumer: string; letters: number }[]> {
    return this.database.query("SELECT consumer, count(*)::int AS letters FROM dead_letters WHERE state = 'open' GROUP BY consumer");
  }
}

/** The conditions that a list and an order about many share. */
export const selecting = (selection: Pick<DeadLettersQuery, 'stream' | 'consumer' | 'messageId' | 'since' | 'until'> & { ids?: string[] }): Conditions =>
  new Conditions()
    .add('stream = ?', selection.stream)
    .add('consumer = ?', selection.consumer)
    .add('message_id = ?', selection.messageId)
    .add('died_at >= ?', selection.since)
    .add('died_at <= ?', selection.until)
    .add('id = ANY(?)', selection.ids);
