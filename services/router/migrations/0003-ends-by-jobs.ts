import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

/** A platform's run that ends anew, without any job of it having run again, starts no flow again: the end has a second name (`factByJobs`). */
export class EndsByJobs1764000000003 implements MigrationInterface {
  name = 'EndsByJobs1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    // The version before leaves it empty, and goes on.
    await runner.query('ALTER TABLE runs ADD COLUMN jobs_fact text');
    await runner.query('CREATE UNIQUE INDEX runs_once_by_jobs ON runs (flow, md5(jobs_fact)) WHERE jobs_fact IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs DROP COLUMN jobs_fact');
  }
}
