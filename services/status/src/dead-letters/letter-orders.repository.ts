import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { selecting } from './dead-letters.repository.js';
import type { LetterSelection } from './dead-letters.query.js';
import { LETTER_COLUMNS, type LetterRow } from './letter-view.js';

const REPLAYED = "state = 'replayed', todo = 'send', replayed_at = now(), sent_at = NULL, note = NULL";
const PURGED = "state = 'purged', todo = 'erase', purged_at = now(), preview = NULL, note = NULL";

/** What people decide about letters; carried out afterwards, so that an order outlives an outage of the broker. */
@Injectable()
export class LetterOrdersRepository {
  /** Two people who order the same wait for each other here. */
  async lock(tx: Queryable, id: string): Promise<LetterRow | undefined> {
    const [row] = await tx.query<LetterRow>(`SELECT ${LETTER_COLUMNS} FROM dead_letters WHERE id = $1 FOR UPDATE`, [id]);
    return row;
  }

  async replay(tx: Queryable, id: string, replay: number, person: string): Promise<void> {
    await tx.query(`UPDATE dead_letters SET ${REPLAYED}, replay = $2, replayed_by = $3 WHERE id = $1`, [id, replay, person]);
    await this.expect(tx, replay, 1);
  }

  async purge(tx: Queryable, id: string, person: string, reason: string): Promise<void> {
    await tx.query(`UPDATE dead_letters SET ${PURGED}, purged_by = $2, purge_reason = $3 WHERE id = $1`, [id, person, reason]);
  }

  /** Open ones only. Gives how many. */
  async replayMany(tx: Queryable, selection: LetterSelection, replay: number, person: string): Promise<number> {
    const conditions = selecting(selection).add('state = ?', 'open');
    const [number, by] = [conditions.bind(replay), conditions.bind(person)];
    const rows = await tx.query(`UPDATE dead_letters SET ${REPLAYED}, replay = ${number}, replayed_by = ${by} ${conditions.where} RETURNING 1`, conditions.parameters);
    await this.expect(tx, replay, rows.length);
    return rows.length;
  }

  /** Open ones only. Gives how many. */
  async purgeMany(tx: Queryable, selection: LetterSelection, person: string, reason: string): Promise<number> {
    const conditions = selecting(selection).add('state = ?', 'open');
    const [by, why] = [conditions.bind(person), conditions.bind(reason)];
    const rows = await tx.query(`UPDATE dead_letters SET ${PURGED}, purged_by = ${by}, purge_reason = ${why} ${conditions.where} RETURNING 1`, conditions.parameters);
    return rows.length;
  }

  private async expect(tx: Queryable, replay: number, letters: number): Promise<void> {
    await tx.query(
      `UPDATE replays SET matched = $2, state = CASE WHEN $2 = 0 THEN 'done' ELSE state END, finished_at = CASE WHEN $2 = 0 THEN now() END WHERE number = $1`,
      [replay, letters],
    );
  }
}
