import { keptConfigTable, type MigrationInterface, type QueryRunner } from '@stellwerk/database';

/** The last valid configuration, for a start beside files that are not. */
export class KeptConfigs1796000000004 implements MigrationInterface {
  readonly name = 'KeptConfigs1796000000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of keptConfigTable()) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE kept_configs');
  }
}
