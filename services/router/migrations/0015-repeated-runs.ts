import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

/** By what was set going again. Apart from its columns: adding these keeps readers out, and building an index takes long where there is much. */
export class RepeatedRuns1764000000015 implements MigrationInterface {
  name = 'RepeatedRuns1764000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX commands_by_repeated_run ON commands (repeats_key) WHERE repeats_key IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX commands_by_repeated_run');
  }
}
