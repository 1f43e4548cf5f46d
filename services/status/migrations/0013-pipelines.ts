import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs of a join belong to one pipeline, whichever part came last. */
export class Pipelines1764000000013 implements MigrationInterface {
  readonly name = 'Pipelines1764000000013';

  async up(runner: QueryRunner): Promise<void> {
    // Whose run it is, where the router says so; NULL: that of its event, as it is for all that is written by a version before.
    await runner.query('ALTER TABLE runs ADD COLUMN pipeline_repository text, ADD COLUMN pipeline_branch text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs DROP COLUMN pipeline_repository, DROP COLUMN pipeline_branch');
  }
}
