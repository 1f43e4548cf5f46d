import type { MigrationInterface, QueryRunner } from 'typeorm';

const states = (...states: string[]): string => `CHECK (state IN (${states.map((state) => `'${state}'`).join(', ')}))`;
const BEFORE = ['pending', 'sending', 'delivered', 'dead', 'unknown', 'superseded', 'gathering', 'held', 'gathered', 'counted'];

const UP = [
  // What takes long comes first: readers are kept out only by what follows, and that is done at once.
  // A page of what is held, in the order in which it happened, without reading the rest. Serves the version before as well.
  "CREATE INDEX deliveries_held_in_order ON deliveries (digest, (notice->>'at'), seq) WHERE state = 'held'",
  "CREATE INDEX deliveries_digests ON deliveries (next_attempt_at) WHERE state IN ('gathering', 'closing')",
  'DROP INDEX deliveries_held',
  'DROP INDEX deliveries_gathering',
  // A version before knows no `closing`, and leaves such a digest to those who do: it would tell the last page as if it were all.
  'ALTER TABLE deliveries DROP CONSTRAINT deliveries_state_check',
  // Not validated: what is there passed a narrower one, and reading it all would hold everybody up.
  `ALTER TABLE deliveries ADD CONSTRAINT deliveries_state_check ${states(...BEFORE, 'closing')} NOT VALID`,
];

const DOWN = [
  // Half of what it would say is in its notice, where nobody before would look for it.
  "UPDATE deliveries SET state = 'dead', reason = 'its gathering was broken off by a version before', finished_at = now() WHERE state = 'closing'",
  "UPDATE deliveries SET state = 'dead', finished_at = now() WHERE state = 'held' AND digest IN (SELECT id FROM deliveries WHERE state = 'dead')",
  'DROP INDEX deliveries_held_in_order, deliveries_digests',
  "CREATE INDEX deliveries_held ON deliveries (digest) WHERE state = 'held'",
  "CREATE INDEX deliveries_gathering ON deliveries (next_attempt_at) WHERE state = 'gathering'",
  'ALTER TABLE deliveries DROP CONSTRAINT deliveries_state_check',
  `ALTER TABLE deliveries ADD CONSTRAINT deliveries_state_check ${states(...BEFORE)} NOT VALID`,
];

/** A digest is closed page by page: however many it gathers, no transaction holds them all. */
export class DigestsInPages1764000000107 implements MigrationInterface {
  readonly name = 'DigestsInPages1764000000107';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
