import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { KeptRead, HistoryEntry } from '@stellwerk/flows';

/** An entry of the history of one run. */
export interface RunEntry {
  run: string;
  entry: HistoryEntry;
}

/** Without its time, which has a column; null when nothing else was read. */
const readBeside = ({ at: _, ...read }: KeptRead): string | null => (Object.keys(read).length > 0 ? JSON.stringify(read) : null);

/** What happened to runs: one row per change, in the transaction of the change, and never another word about it. */
@Injectable()
export class HistoryRepository {
  /** Whoever appends has the runs locked, or inserts them. A number that is taken is refused by the table: two changes of one state. */
  async append(tx: Queryable, entries: readonly RunEntry[]): Promise<void> {
    if (entries.length === 0) return;
    // As arrays of `json`: functions that take records out of a document refuse what platforms and people may send, \u0000 and halves of characters.
    await tx.query(
      `INSERT INTO run_history (run, number, version, state, at, cause, news, read)
       SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::timestamptz[], $6::text[], $7::json[], $8::json[])`,
      [
        entries.map(({ run }) => run), entries.map(({ entry }) => entry.number), entries.map(({ entry }) => entry.version), entries.map(({ entry }) => entry.state),
        entries.map(({ entry }) => entry.read.at), entries.map(({ entry }) => entry.cause), entries.map(({ entry }) => JSON.stringify(entry.news)),
        entries.map(({ entry }) => readBeside(entry.read)),
      ],
    );
  }
}
