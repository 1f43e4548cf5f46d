import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every revision of a flow that was in force, with its content: what was changed, and when. */
export class FlowRevisions1764000000010 implements MigrationInterface {
  readonly name = 'FlowRevisions1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE flow_revisions (
      flow text NOT NULL,
      revision text NOT NULL,
      content json NOT NULL,
      first_seen_at timestamptz NOT NULL DEFAULT now(),
      in_force_at timestamptz NOT NULL DEFAULT now(),
      replaced_at timestamptz,
      PRIMARY KEY (flow, revision)
    )`);
    await runner.query('CREATE INDEX flow_revisions_by_age ON flow_revisions (flow, in_force_at DESC, revision DESC)');
    await runner.query('CREATE INDEX flow_revisions_replaced ON flow_revisions (replaced_at) WHERE replaced_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE flow_revisions');
  }
}
