import { keptConfigTable, type MigrationInterface, type QueryRunner } from '@stellwerk/database';

/** The last valid configuration, for a start beside files that are not. */
export class KeptConfigs1764000000012 implements MigrationInterface {
  readonly name = 'KeptConfigs1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of keptConfigTable()) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE kept_configs');
  }
}
