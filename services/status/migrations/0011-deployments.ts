import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // One row a deployment: what a step with an environment did until it ended. `number`: of its last attempt, as a person's retry goes on
  // counting, so that a deployment that failed stays one when the run is retried.
  `CREATE TABLE deployments (
    run text COLLATE "C" NOT NULL,
    step text COLLATE "C" NOT NULL,
    number integer NOT NULL,
    version integer NOT NULL,
    environment text NOT NULL,
    flow text NOT NULL,
    repository text NOT NULL,
    sha text NOT NULL,
    state text NOT NULL,
    again boolean NOT NULL,
    undone boolean NOT NULL,
    known_at timestamptz,
    finished_at timestamptz NOT NULL,
    restored_at timestamptz,
    PRIMARY KEY (run, step, number)
  )`,
  'CREATE INDEX deployments_by_age ON deployments (finished_at)',
  'CREATE INDEX deployments_by_environment ON deployments (environment, finished_at)',
  // What came after a failure, and whether a commit had been there before.
  "CREATE INDEX deployments_good ON deployments (environment, flow, repository, step, finished_at) WHERE state = 'succeeded' AND NOT undone",
  "CREATE INDEX deployments_good_by_sha ON deployments (sha, environment, flow, step) WHERE sha <> '' AND state = 'succeeded' AND NOT undone",
];

/** What was deployed where, as far as runs tell it: the figures of DORA are counted from it. Filled from now on. */
export class Deployments1764000000011 implements MigrationInterface {
  readonly name = 'Deployments1764000000011';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE deployments');
  }
}
