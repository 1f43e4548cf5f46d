import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

export class CreateSpoolAndBodies1764000000000 implements MigrationInterface {
  name = 'CreateSpoolAndBodies1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE spool (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        subject text NOT NULL,
        headers jsonb NOT NULL,
        body bytea NOT NULL,
        spooled_at timestamptz NOT NULL DEFAULT now(),
        claimed_until timestamptz NOT NULL DEFAULT '-infinity'
      )`);
    await runner.query(`
      CREATE TABLE bodies (
        id text PRIMARY KEY,
        body bytea NOT NULL,
        kept_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX bodies_kept_at ON bodies (kept_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE bodies');
    await runner.query('DROP TABLE spool');
  }
}
