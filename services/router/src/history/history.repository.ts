import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { KeptRead, HistoryEntry } from '@stellwerk/flows';

/** An entry of the history of one run. */
export interface RunEntry {
  run: string;
  entry: HistoryEntry;
}

/** Without its time, which has a column; null when nothing else was read. */
const readBeside = ({ at: _, ...read }: KeptRead): Omit<KeptRead, 'at'> | null => (Object.keys(read).length > 0 ? read : null);

/** What happened to runs: one row per change, in the transaction of the change, and never another word about it. */
@Injectable()
export class HistoryRepository {
  /** Whoever appends has the runs locked, or inserts them. A number that is taken is refused by the table: two changes of one state. */
  async append(tx: Queryable, entries: readonly RunEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await tx.query(
      `INSERT INTO run_history (run, number, version, state, at, cause, news, read) SELECT run, number, version, state, at, cause, news, read
       FROM json_to_recordset($1::json) AS new(run uuid, number int, version int, state text, at timestamptz, cause text, news json, read json)`,
      [JSON.stringify(entries.map(({ run, entry: { read, ...entry } }) => ({ run, ...entry, at: read.at, read: readBeside(read) })))],
    );
  }
}
