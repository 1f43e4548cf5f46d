import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

// A version before this one asks for each delivery again, whatever a list has told: twice, which does no harm.
const CHANGES = [
  `ALTER TABLE missed_deliveries ADD COLUMN repository_id text, ADD COLUMN listed_at timestamptz,
    DROP CONSTRAINT missed_deliveries_state_check,
    ADD CONSTRAINT missed_deliveries_state_check CHECK (state IN ('open', 'back', 'listed', 'given-up'))`,
  "CREATE INDEX missed_deliveries_runs ON missed_deliveries (connection, source, repository_id, failed_at) WHERE event = 'workflow_run'",
];

const BACK = [
  'DROP INDEX missed_deliveries_runs',
  "UPDATE missed_deliveries SET state = 'back' WHERE state = 'listed'",
  `ALTER TABLE missed_deliveries DROP COLUMN repository_id, DROP COLUMN listed_at,
    DROP CONSTRAINT missed_deliveries_state_check, ADD CONSTRAINT missed_deliveries_state_check CHECK (state IN ('open', 'back', 'given-up'))`,
];

/** Deliveries of runs that were brought back by a list of runs. */
export class RunLists1764000000004 implements MigrationInterface {
  name = 'RunLists1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of CHANGES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of BACK) await runner.query(statement);
  }
}
