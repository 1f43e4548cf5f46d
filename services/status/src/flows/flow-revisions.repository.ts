import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
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

const GIVEN = 'given AS (SELECT * FROM unnest($1::text[], $2::text[]) AS given(flow, revision))';

// One that comes back is in force anew; what the set does not have is replaced.
const SWITCH = `
  WITH ${GIVEN},
  replaced AS (
    UPDATE flow_revisions AS known SET replaced_at = now() WHERE replaced_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM given WHERE given.flow = known.flow AND given.revision = known.revision)
  )
  UPDATE flow_revisions AS known SET in_force_at = now(), replaced_at = NULL
  FROM given WHERE known.flow = given.flow AND known.revision = given.revision AND known.replaced_at IS NOT NULL`;

const UNKNOWN = `
  WITH ${GIVEN}
  SELECT flow, revision FROM given WHERE NOT EXISTS (SELECT 1 FROM flow_revisions AS known WHERE known.flow = given.flow AND known.revision = given.revision)`;

const ADD = `
  INSERT INTO flow_revisions (flow, revision, content) SELECT * FROM unnest($1::text[], $2::text[], $3::json[]) AS given(flow, revision, content)
  ORDER BY flow, revision ON CONFLICT (flow, revision) DO NOTHING`;

/** To write out the content of 2,000 flows takes the event loop 70 ms; so many take 7. */
const AT_ONCE = 200;

const COLUMNS = `revision, content, first_seen_at, in_force_at, replaced_at,
  to_char(in_force_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`;

const keysOf = (flows: readonly Flow[]): [string[], string[]] => [flows.map(({ name }) => name), flows.map(({ revision }) => revision)];

/** Most sets differ in few flows from the one before: only their content is sent. */
const unknownOf = async (tx: Queryable, flows: readonly Flow[]): Promise<Flow[]> => {
  const rows = await tx.query<{ flow: string; revision: string }>(UNKNOWN, keysOf(flows));
  const unknown = new Set(rows.map(({ flow, revision }) => `${flow}@${revision}`));
  return flows.filter(({ name, revision }) => unknown.has(`${name}@${revision}`));
};

const add = (tx: Queryable, flows: readonly Flow[]): Promise<unknown> => tx.query(ADD, [...keysOf(flows), flows.map((flow) => JSON.stringify(flow))]);

/** Which revisions of each flow were in force, and when. */
@Injectable()
export class FlowRevisionsRepository {
  constructor(private readonly database: Database) {}

  /** These flows are in force from now on, and no others. Safe to repeat, also by several replicas: one after the other, or each would wait for rows of the other. */
  async putInForce(flows: readonly Flow[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query("SELECT pg_advisory_xact_lock(hashtext('status:flow-revisions'))");
      await tx.query(SWITCH, keysOf(flows));
      // After the switch: what is known is in force now, so that nobody deletes it as an old one meanwhile.
      const unknown = await unknownOf(tx, flows);
      for (let at = 0; at < unknown.length; at += AT_ONCE) await add(tx, unknown.slice(at, at + AT_ONCE));
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
