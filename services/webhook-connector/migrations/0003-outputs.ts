import { connectorOutputs } from '@stellwerk/connector-kit';
import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

export class Outputs1796000000003 implements MigrationInterface {
  name = 'Outputs1796000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of connectorOutputs()) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE dispatches DROP COLUMN outputs');
  }
}
