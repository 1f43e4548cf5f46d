import type { MigrationInterface, QueryRunner } from 'typeorm';

const states = (...states: string[]): string => `CHECK (state IN (${states.map((state) => `'${state}'`).join(', ')}))`;
const BEFORE = ['pending', 'sending', 'delivered', 'dead', 'unknown', 'superseded'];

const UP = [
  `ALTER TABLE deliveries
    ADD COLUMN lane text NOT NULL DEFAULT 'message' CHECK (lane IN ('message', 'thread')),
    ADD COLUMN refresh boolean NOT NULL DEFAULT false,
    ADD COLUMN judged boolean NOT NULL DEFAULT false,
    ADD COLUMN repeats integer NOT NULL DEFAULT 0,
    ADD COLUMN silent boolean NOT NULL DEFAULT false,
    ADD COLUMN follows text,
    ADD COLUMN repeatable boolean,
    ADD COLUMN digest text`,
  'ALTER TABLE deliveries DROP CONSTRAINT deliveries_state_check',
  // A version before knows none of the last four, and leaves such rows alone.
  `ALTER TABLE deliveries ADD CONSTRAINT deliveries_state_check ${states(...BEFORE, 'gathering', 'held', 'gathered', 'counted')}`,
  "CREATE INDEX deliveries_held ON deliveries (digest) WHERE state = 'held'",
  "CREATE INDEX deliveries_gathering ON deliveries (next_attempt_at) WHERE state = 'gathering'",
  `CREATE TABLE threads (
    channel text NOT NULL, run text NOT NULL, place text NOT NULL, ts text NOT NULL, posted_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (channel, run)
  )`,
  'CREATE INDEX threads_posted ON threads (posted_at)',
  `CREATE TABLE topics (
    topic text NOT NULL, channel text NOT NULL, word text NOT NULL, times integer NOT NULL, run text NOT NULL, said_at timestamptz NOT NULL, at timestamptz NOT NULL,
    PRIMARY KEY (topic, channel)
  )`,
  'CREATE INDEX topics_at ON topics (at)',
];

const DOWN = [
  'DROP TABLE topics, threads',
  "UPDATE deliveries SET state = 'dead', finished_at = coalesce(finished_at, now()) WHERE state IN ('gathering', 'held', 'gathered', 'counted')",
  'DROP INDEX deliveries_held, deliveries_gathering',
  'ALTER TABLE deliveries DROP CONSTRAINT deliveries_state_check',
  `ALTER TABLE deliveries ADD CONSTRAINT deliveries_state_check ${states(...BEFORE)}`,
  'ALTER TABLE deliveries DROP COLUMN lane, DROP COLUMN refresh, DROP COLUMN judged, DROP COLUMN repeats, DROP COLUMN silent, DROP COLUMN follows, DROP COLUMN repeatable, DROP COLUMN digest',
];

/** Which message shows a run, what was said last of a pipeline and how often, and what waits for its digest. */
export class LivingAndQuiet1764000000103 implements MigrationInterface {
  readonly name = 'LivingAndQuiet1764000000103';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
