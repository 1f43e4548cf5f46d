import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { TimelineEntry } from './timeline.js';
import { rowsJson, sortedRows } from './rows.js';

/** An event as it is written down; `tells`: it is untold until that is confirmed. */
export interface TimelineRow extends TimelineEntry {
  trace: string | undefined;
  tells: boolean;
  /** In EVENTS. */
  sequence: number;
}

// A group shares one now(); its events keep their order by a microsecond each.
const ADD = `
  WITH rows AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS row(id text, type text, source text, subject text, fact text, connection text, repository text,
      branch text, sha text, run text, "platformRun" text, hook boolean, "occurredAt" timestamptz, trace text, data jsonb, tells boolean, sequence bigint, place integer)
  ), fresh AS (
    INSERT INTO events (id, type, source, subject, fact, connection, repository, branch, sha, run, platform_run, hook, occurred_at, recorded_at, trace, data)
    SELECT id, type, source, subject, fact, connection, repository, branch, sha, run, "platformRun", hook, "occurredAt",
      now() + place * interval '1 microsecond', trace, coalesce(data, 'null')
    FROM rows ON CONFLICT (id) DO NOTHING RETURNING id
  ), noted AS (
    INSERT INTO untold (event, sequence) SELECT id, sequence FROM fresh JOIN rows USING (id) WHERE tells
  )
  SELECT id FROM fresh`;

/** The events that came, each once. */
@Injectable()
export class TimelineRepository {
  /** Ids of those that are new. Any other was written down before, and with it all that it brought. Each id at most once. */
  async add(tx: Queryable, entries: readonly TimelineRow[]): Promise<Set<string>> {
    const rows = sortedRows(entries.map((entry, place) => ({ ...entry, place })), ({ id }) => id);
    const fresh = await tx.query<{ id: string }>(ADD, [rowsJson(rows)]);
    return new Set(fresh.map(({ id }) => id));
  }
}
