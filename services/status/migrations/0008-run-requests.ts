import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders to start a flow that a person has named by a key: the same key with other inputs is refused, not taken for the first one. */
export class RunRequests1764000000008 implements MigrationInterface {
  readonly name = 'RunRequests1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE run_requests (
      flow text NOT NULL,
      key text NOT NULL,
      inputs_hash text NOT NULL,
      requested_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (flow, key)
    )`);
    await runner.query('CREATE INDEX run_requests_by_age ON run_requests (requested_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE run_requests');
  }
}
