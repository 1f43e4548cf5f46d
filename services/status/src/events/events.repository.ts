import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { Conditions, likePrefix } from '../http/conditions.js';
import { decodeCursor, pageOf, type Page } from '../http/cursor.js';
import type { EventView } from './event.response.js';
import type { EventsQuery } from './events.query.js';

interface EventRow extends Omit<EventView, 'occurredAt' | 'recordedAt'> {
  occurred_at: Date;
  recorded_at: Date;
  at: string;
}

/** What is known of a run besides its id: the event that started it, and the platform runs that it started. */
interface RunKeys {
  event: string | null;
  keys: string[] | null;
}

const RUN_KEYS = `
  SELECT (SELECT event_id FROM runs WHERE id = $1) AS event, (SELECT array_agg(key) FROM platform_runs WHERE run <> '' AND run = $1) AS keys`;

const COLUMNS = `id, type, source, subject, fact, nullif(connection, '') AS connection, nullif(repository, '') AS repository,
  nullif(branch, '') AS branch, nullif(sha, '') AS sha, nullif(run, '') AS run, occurred_at, recorded_at, trace, data,
  to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`;

const view = ({ occurred_at, recorded_at, at: _place, data, trace, ...event }: EventRow): EventView => ({
  ...event, occurredAt: occurred_at.toISOString(), recordedAt: recorded_at.toISOString(), trace, data,
});

/** The timeline, newest first. */
@Injectable()
export class EventsRepository {
  constructor(private readonly database: Database) {}

  async list(query: EventsQuery): Promise<Page<EventView>> {
    const conditions = new Conditions()
      .add('type = ?', query.type)
      .add('connection = ?', query.connection)
      .add('repository = ?', query.repository)
      .add("branch <> '' AND branch = ?", query.branch)
      .add("sha <> '' AND sha LIKE ?", likePrefix(query.sha))
      .add('recorded_at >= ?', query.since)
      .add('recorded_at < ?', query.until);
    if (query.kind === 'platform') conditions.always("source LIKE '/connections/%'");
    if (query.run !== undefined) await this.ofRun(conditions, query.run);
    if (query.cursor !== undefined) {
      const { at, id } = decodeCursor(query.cursor);
      conditions.add(`(recorded_at, id) < (?::timestamptz, ${conditions.bind(id)}::text)`, at);
    }
    const sql = `SELECT ${COLUMNS} FROM events ${conditions.where} ORDER BY recorded_at DESC, id DESC LIMIT ${conditions.bind(query.limit + 1)}`;
    const rows = await this.database.query<EventRow>(sql, conditions.parameters);
    return pageOf(rows, query.limit, (row) => ({ at: row.at, id: row.id }), view);
  }

  /** One event; undefined when it was never there, or is no longer kept. */
  async find(id: string): Promise<EventView | undefined> {
    const [row] = await this.database.query<EventRow>(`SELECT ${COLUMNS} FROM events WHERE id = $1`, [id]);
    return row && view(row);
  }

  /** Three indexes, one a way in which an event belongs to a run: keys that are looked up within the query could use none. */
  private async ofRun(conditions: Conditions, run: string): Promise<void> {
    const [found] = await this.database.query<RunKeys>(RUN_KEYS, [run]);
    const [event, keys] = [conditions.bind(found?.event ?? null), conditions.bind(found?.keys ?? [])];
    conditions.add(`((run <> '' AND run = ?) OR id = ${event} OR (platform_run <> '' AND platform_run = ANY(${keys}::text[])))`, run);
  }
}
