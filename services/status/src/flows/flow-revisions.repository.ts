import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import type { Flow } from '@stellwerk/flows';
import { Conditions } from '../http/conditions.js';
import { decodeCursor } from '../http/cursor.js';
import type { ListQuery } from '../http/list-query.js';

export interface RevisionRow {
  revision: string;
  content: Flow;
  first_seen_at: Date;
  in_force_at: Date;
  replaced_at: Date | null;
  /** For the cursor: microseconds too. */
  at: string;
}

// One statement: a set is in force as a whole. One that comes back is in force anew; what the set does not have is replaced.
const PUT_IN_FORCE = `
  WITH given AS (SELECT * FROM unnest($1::text[], $2::text[], $3::json[]) AS given(flow, revision, content)),
  replaced AS (
    UPDATE flow_revisions AS known SET replaced_at = now() WHERE replaced_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM given WHERE given.flow = known.flow AND given.revision = known.revision)
  )
  INSERT INTO flow_revisions AS known (flow, revision, content) SELECT flow, revision, content FROM given ORDER BY flow, revision
  ON CONFLICT (flow, revision) DO UPDATE SET in_force_at = now(), replaced_at = NULL WHERE known.replaced_at IS NOT NULL`;

const COLUMNS = `revision, content, first_seen_at, in_force_at, replaced_at,
  to_char(in_force_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`;

/** Which revisions of each flow were in force, and when. */
@Injectable()
export class FlowRevisionsRepository {
  constructor(private readonly database: Database) {}

  /** These flows are in force from now on, and no others. Safe to repeat, also by several replicas: one after the other, or each would wait for rows of the other. */
  async putInForce(flows: readonly Flow[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query("SELECT pg_advisory_xact_lock(hashtext('status:flow-revisions'))");
      await tx.query(PUT_IN_FORCE, [flows.map(({ name }) => name), flows.map(({ revision }) => revision), flows.map((flow) => JSON.stringify(flow))]);
    });
  }

  /** Newest first; one more than asked for, where there is one: what the last one followed. */
  async of(flow: string, { limit, cursor }: ListQuery): Promise<RevisionRow[]> {
    const conditions = new Conditions().add('flow = ?', flow);
    if (cursor !== undefined) {
      const { at, id } = decodeCursor(cursor);
      conditions.add(`(in_force_at, revision) < (?::timestamptz, ${conditions.bind(id)}::text)`, at);
    }
    const sql = `SELECT ${COLUMNS} FROM flow_revisions ${conditions.where} ORDER BY in_force_at DESC, revision DESC LIMIT ${conditions.bind(limit + 1)}`;
    return this.database.query<RevisionRow>(sql, conditions.parameters);
  }
}
