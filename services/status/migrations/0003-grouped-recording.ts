import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // Events that are written down and whose status messages are not confirmed yet. Their text is in EVENTS, at `sequence`.
  'CREATE TABLE untold (event text COLLATE "C" PRIMARY KEY, sequence bigint NOT NULL, since timestamptz NOT NULL DEFAULT now())',
  // A list of runs takes the newest of each state from one of these; the open ones are counted by the first.
  'CREATE INDEX runs_by_state ON runs (state, created_at DESC, id DESC)',
  'CREATE INDEX runs_by_flow_and_state ON runs (flow, state, created_at DESC, id DESC)',
  'CREATE INDEX runs_by_repository_and_state ON runs (repository, state, created_at DESC, id DESC)',
  "CREATE INDEX runs_by_branch ON runs (branch, created_at DESC, id DESC) WHERE branch <> ''",
  'DROP INDEX runs_open, runs_by_flow, runs_by_repository',
  "CREATE INDEX events_by_branch ON events (branch, recorded_at DESC, id DESC) WHERE branch <> ''",
];

const DOWN = [
  'DROP INDEX events_by_branch, runs_by_branch',
  'CREATE INDEX runs_open ON runs (state, created_at DESC, id DESC) WHERE finished_at IS NULL',
  'CREATE INDEX runs_by_flow ON runs (flow, created_at DESC, id DESC)',
  'CREATE INDEX runs_by_repository ON runs (repository, created_at DESC, id DESC)',
  'DROP INDEX runs_by_state, runs_by_flow_and_state, runs_by_repository_and_state',
  'DROP TABLE untold',
];

/** Events are recorded in groups and told without an outbox; each filter of a list has its index. */
export class GroupedRecording1764000000003 implements MigrationInterface {
  readonly name = 'GroupedRecording1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
