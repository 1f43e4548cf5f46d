import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What ended before on the same pipeline. Apart from its columns: adding these keeps readers out, and building an index takes long where there is
 * much. `runs_finished` stays: a version before finds by it while it runs beside this one.
 */
export class EndedOnPipelines1764000000015 implements MigrationInterface {
  readonly name = 'EndedOnPipelines1764000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX runs_ended ON runs (flow, (coalesce(pipeline_repository, repository)), (coalesce(pipeline_branch, branch)), finished_at DESC)
      WHERE finished_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX runs_ended');
  }
}
