import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

export class PostponeInSpool1764000000001 implements MigrationInterface {
  name = 'PostponeInSpool1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE spool ADD COLUMN retry_at timestamptz NOT NULL DEFAULT '-infinity'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE spool DROP COLUMN retry_at');
  }
}
