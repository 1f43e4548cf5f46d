import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

const APPROVALS = [
  `CREATE TABLE approvals (
    id text PRIMARY KEY,
    run uuid NOT NULL REFERENCES runs (id),
    step text NOT NULL,
    environment text,
    rule json NOT NULL,
    state text NOT NULL,
    reason text,
    requested_at timestamptz NOT NULL,
    expires_at timestamptz,
    decided_at timestamptz
  )`,
  'CREATE INDEX approvals_by_run ON approvals (run)',
  `CREATE TABLE approval_votes (
    approval text NOT NULL REFERENCES approvals (id),
    person text NOT NULL,
    decision text NOT NULL,
    comment text,
    address text,
    voted_at timestamptz NOT NULL,
    PRIMARY KEY (approval, person, decision)
  )`,
  `CREATE FUNCTION approval_votes_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN RAISE EXCEPTION 'votes are append-only'; END $$`,
  `CREATE TRIGGER approval_votes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_votes
   FOR EACH STATEMENT EXECUTE FUNCTION approval_votes_are_append_only()`,
];

const WAITS = [
  // What keys of events are made by: few, as flows name them. They stay: an old revision of a flow may still wait.
  `CREATE TABLE awaited_keys (
    digest text PRIMARY KEY,
    type text NOT NULL,
    template text NOT NULL
  )`,
  // The digest is of type, template and key: keys come from outside, and may be longer than an index takes.
  `CREATE TABLE event_waits (
    digest text NOT NULL,
    run uuid NOT NULL REFERENCES runs (id),
    step text NOT NULL,
    type text NOT NULL,
    key text NOT NULL,
    PRIMARY KEY (digest, run, step)
  )`,
  'CREATE INDEX event_waits_by_run ON event_waits (run)',
];

/** Who was asked and what they said; which runs wait for which events. The version before knows nothing of it, and goes on. */
export class Gates1764000000004 implements MigrationInterface {
  name = 'Gates1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [...APPROVALS, ...WAITS]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE approval_votes, approvals, event_waits, awaited_keys');
    await runner.query('DROP FUNCTION approval_votes_are_append_only');
  }
}
