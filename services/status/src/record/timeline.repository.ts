import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { TimelineEntry } from './timeline.js';

const INSERT = `
  INSERT INTO events (id, type, source, subject, fact, connection, repository, branch, sha, run, platform_run, hook, occurred_at, trace, data)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
  ON CONFLICT (id) DO NOTHING RETURNING id`;

/** The events that came, each once. */
@Injectable()
export class TimelineRepository {
  /** False: this event was written down before, and with it all that it brought. */
  async add(tx: Queryable, entry: TimelineEntry, trace: string | undefined): Promise<boolean> {
    const rows = await tx.query(INSERT, [
      entry.id, entry.type, entry.source, entry.subject, entry.fact, entry.connection, entry.repository, entry.branch, entry.sha,
      entry.run, entry.platformRun, entry.hook, entry.occurredAt, trace ?? null, JSON.stringify(entry.data ?? null),
    ]);
    return rows.length > 0;
  }
}
