import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

/** Younger votes than this nobody deletes, whatever he asks for; retention keeps far longer. */
const NEVER_BEFORE = "interval '30 days'";

const NO_CHANGE = 'EXECUTE FUNCTION approval_votes_are_append_only()';

const UP = [
  'CREATE INDEX runs_by_end ON runs (finished_at) WHERE finished_at IS NOT NULL',
  // Votes go with their run, and not before.
  'DROP TRIGGER approval_votes_append_only ON approval_votes',
  `CREATE TRIGGER approval_votes_append_only BEFORE UPDATE OR TRUNCATE ON approval_votes FOR EACH STATEMENT ${NO_CHANGE}`,
  `CREATE TRIGGER approval_votes_kept BEFORE DELETE ON approval_votes FOR EACH ROW WHEN (OLD.voted_at > now() - ${NEVER_BEFORE}) ${NO_CHANGE}`,
  // When a run that needs it started last. The version before does not set it anew: what it starts is young enough until it is gone.
  'ALTER TABLE awaited_keys ADD COLUMN wanted_at timestamptz NOT NULL DEFAULT now()',
];

const DOWN = [
  'ALTER TABLE awaited_keys DROP COLUMN wanted_at',
  'DROP TRIGGER approval_votes_kept ON approval_votes',
  'DROP TRIGGER approval_votes_append_only ON approval_votes',
  `CREATE TRIGGER approval_votes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_votes FOR EACH STATEMENT ${NO_CHANGE}`,
  'DROP INDEX runs_by_end',
];

/** Runs that ended long ago are deleted, with all that is theirs (ADR 34). */
export class ForgettingRuns1764000000009 implements MigrationInterface {
  name = 'ForgettingRuns1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of UP) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const sql of DOWN) await runner.query(sql);
  }
}
