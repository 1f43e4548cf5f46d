import type { MigrationInterface, QueryRunner } from './migration.js';
import { confirmedConfigs, keptConfigTable } from './kept-config.repository.js';

/** The last valid configuration, for a start beside files that are not. Each service has it as a migration under its own timestamp. */
export abstract class KeepConfigs implements MigrationInterface {
  abstract readonly name: string;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of keptConfigTable()) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE kept_configs');
  }
}

/** When a directory was used last, so that those of long ago can go; all that are there count from now. A version before writes rows as ever. */
export abstract class ConfirmConfigs implements MigrationInterface {
  abstract readonly name: string;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of confirmedConfigs()) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE kept_configs DROP COLUMN confirmed_at');
  }
}
