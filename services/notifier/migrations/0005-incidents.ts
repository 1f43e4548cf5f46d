import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is said of one incident stays in order over all runs of it; NULL: of its run alone, as it is for all that is written by a version before. */
export class Incidents1764000000105 implements MigrationInterface {
  readonly name = 'Incidents1764000000105';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE deliveries ADD COLUMN incident text');
    await runner.query('CREATE INDEX deliveries_incident ON deliveries (incident, channel) WHERE incident IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE deliveries DROP COLUMN incident');
  }
}
