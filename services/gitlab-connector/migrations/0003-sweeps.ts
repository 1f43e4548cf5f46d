import { sweepTables } from '@stellwerk/connector-kit';
import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

/** Where sweeps stand, and what was told of pipelines by whomever. */
const TABLES = [
  ...sweepTables(),
  `CREATE TABLE heard_runs (
    run_key text PRIMARY KEY,
    started boolean NOT NULL DEFAULT false,
    finished_at timestamptz,
    heard_at timestamptz NOT NULL DEFAULT now()
  )`,
  'CREATE INDEX heard_runs_age ON heard_runs USING brin (heard_at)',
];

export class Sweeps1764000000003 implements MigrationInterface {
  name = 'Sweeps1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE heard_runs, sweeps');
  }
}
