import { connectorIndexes, withoutConnectorIndexes } from '@stellwerk/connector-kit';
import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

export class Indexes1796000000002 implements MigrationInterface {
  name = 'Indexes1796000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of connectorIndexes()) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of withoutConnectorIndexes()) await runner.query(statement);
  }
}
