import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

const UNSETTLED = "WHERE state IN ('sent', 'unknown') AND purpose IN ('run', 'rollback')";

/** While a platform is away, thousands of commands are unsettled on its instance; events are held for those of their repository only. */
export class PlacesOfCommands1764000000002 implements MigrationInterface {
  name = 'PlacesOfCommands1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX commands_unsettled_at ON commands (origin, repository, created_at) ${UNSETTLED}`);
    // It serves the queries of the version before as well, which looked by origin and age.
    await runner.query('DROP INDEX commands_unsettled');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX commands_unsettled ON commands (origin, created_at) ${UNSETTLED}`);
    await runner.query('DROP INDEX commands_unsettled_at');
  }
}
