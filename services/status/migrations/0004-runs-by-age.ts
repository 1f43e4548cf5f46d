import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The index over all runs gets an order of its own, so that it is never taken for the list of a few of them. */
export class RunsByAge1764000000004 implements MigrationInterface {
  readonly name = 'RunsByAge1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX runs_by_age');
    await runner.query("CREATE INDEX runs_by_age ON runs ((created_at AT TIME ZONE 'UTC') DESC, id DESC)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX runs_by_age');
    await runner.query('CREATE INDEX runs_by_age ON runs (created_at DESC, id DESC)');
  }
}
