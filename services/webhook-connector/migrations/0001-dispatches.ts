import { connectorTables } from '@stellwerk/connector-kit';
import { outboxTable, type MigrationInterface, type QueryRunner } from '@stellwerk/database';

export class Dispatches1796000000001 implements MigrationInterface {
  name = 'Dispatches1796000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...connectorTables(), ...outboxTable()]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dispatches, carrier_notes, watched_runs, polled_repositories, outbox');
  }
}
