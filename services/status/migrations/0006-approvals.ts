import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Approvals as people see them; the router decides about them. */
export class Approvals1764000000006 implements MigrationInterface {
  readonly name = 'Approvals1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE approvals (
      id text PRIMARY KEY,
      run text NOT NULL,
      flow text NOT NULL,
      state text NOT NULL,
      version integer NOT NULL,
      requested_at timestamptz NOT NULL,
      approval jsonb NOT NULL,
      event jsonb NOT NULL
    )`);
    await runner.query('CREATE INDEX approvals_by_age ON approvals (requested_at DESC, id DESC)');
    await runner.query('CREATE INDEX approvals_by_state ON approvals (state, requested_at DESC, id DESC)');
    await runner.query('CREATE INDEX approvals_by_run ON approvals (run, requested_at DESC, id DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE approvals');
  }
}
