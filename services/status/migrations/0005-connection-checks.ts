import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What connectors found when a person last asked for it. */
export class ConnectionChecks1764000000005 implements MigrationInterface {
  readonly name = 'ConnectionChecks1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE connection_checks (connection text PRIMARY KEY, findings jsonb NOT NULL, checked_at timestamptz NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE connection_checks');
  }
}
