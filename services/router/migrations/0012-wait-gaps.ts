import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

/**
 * Runs that began to wait for events, until those are looked through that were handled before the run was there: from which place in the
 * stream on. A router of the version before writes none.
 */
export class WaitGaps1764000000012 implements MigrationInterface {
  name = 'WaitGaps1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE wait_gaps (
      run uuid PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
      from_sequence bigint NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE wait_gaps');
  }
}
