import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // Whose run it is, where the router says so; NULL: that of its event, as it is for all that is written by a version before.
  'ALTER TABLE runs ADD COLUMN pipeline_repository text, ADD COLUMN pipeline_branch text',
  // What ended before on the same pipeline. `runs_finished` stays: a version before finds by it while it runs beside this one.
  `CREATE INDEX runs_ended ON runs (flow, (coalesce(pipeline_repository, repository)), (coalesce(pipeline_branch, branch)), finished_at DESC)
    WHERE finished_at IS NOT NULL`,
];

/** Runs of a join belong to one pipeline, whichever part came last. */
export class Pipelines1764000000013 implements MigrationInterface {
  readonly name = 'Pipelines1764000000013';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    // The index goes with its columns.
    await runner.query('ALTER TABLE runs DROP COLUMN pipeline_repository, DROP COLUMN pipeline_branch');
  }
}
