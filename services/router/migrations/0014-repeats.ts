import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

/**
 * Commands that set a run of a platform going again: which one, as their step names it, and what of it goes back to them (ADR 40). A router
 * of the version before writes neither, and starts flows by what such commands cause, as it did.
 */
export class Repeats1764000000014 implements MigrationInterface {
  name = 'Repeats1764000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE commands ADD COLUMN repeats_run text, ADD COLUMN repeats_key text, ADD COLUMN repeats jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE commands DROP COLUMN repeats_run, DROP COLUMN repeats_key, DROP COLUMN repeats');
  }
}
