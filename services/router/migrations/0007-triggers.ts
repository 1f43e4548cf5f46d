import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

const TABLES = [
  // One row per (flow, join, key): what has come, and the facts of rounds that are over.
  `CREATE TABLE joins (
    id text PRIMARY KEY,
    flow text NOT NULL,
    state text NOT NULL,
    due_at timestamptz NOT NULL,
    document json NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
  )`,
  "CREATE INDEX joins_due ON joins (due_at) WHERE state <> 'over'",
  "CREATE INDEX joins_by_age ON joins (changed_at) WHERE state = 'over'",
  // One row per (flow, schedule or absence). Of a schedule `since` is the last instant that was dealt with, of an absence the last match;
  // `told`: the `since` of the absence that was told last. `due_at`: when to look at it, null = not before something comes.
  `CREATE TABLE trigger_clocks (
    flow text NOT NULL,
    id text NOT NULL,
    since timestamptz NOT NULL,
    told timestamptz,
    due_at timestamptz,
    wanted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (flow, id)
  )`,
  'CREATE INDEX trigger_clocks_due ON trigger_clocks (due_at)',
];

/** Joins, schedules and absences. The version before knows none of them, and goes on. */
export class Triggers1764000000007 implements MigrationInterface {
  name = 'Triggers1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of TABLES) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['joins', 'trigger_clocks']) await runner.query(`DROP TABLE ${table}`);
  }
}
