import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
import { decodeCursor, pageOf, type Page } from '../http/cursor.js';
import { Conditions } from '../http/conditions.js';
import type { ListQuery } from '../http/list-query.js';

export type ReplayKind = 'dead-letters' | 'hooks';
export type ReplayState = 'running' | 'done' | 'stopped';

/** A row of `replays` as it is read. Numbers of type bigint come as text. */
export interface ReplayRow {
  number: string;
  kind: ReplayKind;
  state: ReplayState;
  person: string;
  filter: Record<string, unknown>;
  again: boolean;
  dry_run: boolean;
  matched: number;
  sent: number;
  failed: number;
  scanned: string;
  detail: string | null;
  created_at: Date;
  finished_at: Date | null;
}

export interface NewReplay {
  kind: ReplayKind;
  person: string;
  filter: Record<string, unknown>;
  again?: boolean;
  dryRun?: boolean;
}

const COLUMNS = 'number, kind, state, person, filter, again, dry_run, matched, sent, failed, scanned, detail, created_at, finished_at';

/** Orders to send something once more, and how far they are. */
@Injectable()
export class ReplaysRepository {
  constructor(private readonly database: Database) {}

  /** Gives its number. Throws a unique violation while another replay of hooks runs. */
  async create(tx: Queryable, { kind, person, filter, again = false, dryRun = false }: NewReplay): Promise<number> {
    const [row] = await tx.query<{ number: string }>(
      "INSERT INTO replays (kind, state, person, filter, again, dry_run) VALUES ($1, 'running', $2, $3, $4, $5) RETURNING number",
      [kind, person, JSON.stringify(filter), again, dryRun],
    );
    return Number(row!.number);
  }

  async find(number: number): Promise<ReplayRow | undefined> {
    const [row] = await this.database.query<ReplayRow>(`SELECT ${COLUMNS} FROM replays WHERE number = $1`, [number]);
    return row;
  }

  /** Newest first. */
  async list({ limit, cursor }: ListQuery): Promise<Page<ReplayRow>> {
    const conditions = new Conditions().add('number < ?::bigint', cursor === undefined ? undefined : decodeCursor(cursor).id);
    const rows = await this.database.query<ReplayRow>(`SELECT ${COLUMNS} FROM replays ${conditions.where} ORDER BY number DESC LIMIT ${limit + 1}`, conditions.parameters);
    return pageOf(rows, limit, (row) => ({ at: row.created_at.toISOString(), id: row.number }), (row) => row);
  }

  /** False when it does not run any more. */
  async stop(tx: Queryable, number: number): Promise<boolean> {
    const rows = await tx.query(
      "UPDATE replays SET state = 'stopped', finished_at = now() WHERE number = $1 AND kind = 'hooks' AND state = 'running' RETURNING number", [number]);
    return rows.length > 0;
  }
}
