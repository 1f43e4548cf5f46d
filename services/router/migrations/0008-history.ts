import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

/** Younger entries than this nobody deletes, whatever he asks for; retention keeps far longer. */
const NEVER_BEFORE = "interval '30 days'";

const HISTORY = [
  // `news`: what the run was told; `read`: what planning saw of the world, but for `at`, its time. Both as they were, so that they can be planned anew.
  `CREATE TABLE run_history (
    run uuid NOT NULL REFERENCES runs (id),
    number integer NOT NULL,
    version integer NOT NULL,
    state text NOT NULL,
    at timestamptz NOT NULL,
    cause text NOT NULL,
    news json NOT NULL,
    read json,
    PRIMARY KEY (run, number)
  )`,
  `CREATE FUNCTION run_history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN RAISE EXCEPTION 'the history of runs is append-only: % refused', lower(TG_OP); END $$`,
  `CREATE TRIGGER run_history_append_only BEFORE UPDATE OR TRUNCATE ON run_history
   FOR EACH STATEMENT EXECUTE FUNCTION run_history_is_append_only()`,
  // The age of a row is looked at without a call of the function: retention deletes thousands.
  `CREATE TRIGGER run_history_kept BEFORE DELETE ON run_history
   FOR EACH ROW WHEN (OLD.at > now() - ${NEVER_BEFORE}) EXECUTE FUNCTION run_history_is_append_only()`,
];

/** What happened to each run, in one row per change (ADR 34). A router of the version before writes none, and goes on. */
export class History1764000000008 implements MigrationInterface {
  name = 'History1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of HISTORY) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE run_history');
    await runner.query('DROP FUNCTION run_history_is_append_only');
  }
}
