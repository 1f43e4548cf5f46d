import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import type { NamedJob } from './named-jobs.repository.js';

/** `refused`: Jenkins does not show the job · `left-out`: builds that were not told · `restarted`: its numbers count anew. */
export type NoteKind = 'refused' | 'left-out' | 'restarted';

export interface JobNote {
  job: string;
  kind: NoteKind;
  text: string;
  forMs: number;
}

/** What a person should know of a job, for the connection's health. The table `job_notes`. */
@Injectable()
export class JobNotesRepository {
  constructor(private readonly database: Database) {}

  async put({ connection, job: named }: NamedJob, { job, kind, text, forMs }: JobNote): Promise<void> {
    await this.database.query(
      `INSERT INTO job_notes (connection, named, job, kind, note, until) VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 millisecond')
       ON CONFLICT (connection, named, job, kind) DO UPDATE SET note = excluded.note, until = excluded.until`,
      [connection, named, job, kind, text, Math.round(forMs)],
    );
  }

  async clear({ connection, job: named }: NamedJob, job: string, kind: NoteKind): Promise<void> {
    await this.database.query('DELETE FROM job_notes WHERE connection = $1 AND named = $2 AND job = $3 AND kind = $4', [connection, named, job, kind]);
  }

  async of(connection: string, most: number): Promise<string[]> {
    const rows = await this.database.query<{ job: string; note: string }>(
      'SELECT DISTINCT job, note FROM job_notes WHERE connection = $1 AND until > now() ORDER BY job, note LIMIT $2', [connection, most],
    );
    return rows.map(({ job, note }) => `${job}: ${note}`);
  }
}
