import type { MigrationInterface, QueryRunner } from 'typeorm';

const states = (...states: string[]): string => `CHECK (state IN (${states.map((state) => `'${state}'`).join(', ')}))`;

const UP = [
  // The version of the run that a message is about: the order in which things happened, whoever came to know of them first.
  'ALTER TABLE deliveries ADD COLUMN version integer NOT NULL DEFAULT 0',
  'ALTER TABLE deliveries DROP CONSTRAINT deliveries_state_check',
  `ALTER TABLE deliveries ADD CONSTRAINT deliveries_state_check ${states('pending', 'sending', 'delivered', 'dead', 'unknown', 'superseded')}`,
];

const DOWN = [
  "UPDATE deliveries SET state = 'dead' WHERE state = 'superseded'",
  'ALTER TABLE deliveries DROP CONSTRAINT deliveries_state_check',
  `ALTER TABLE deliveries ADD CONSTRAINT deliveries_state_check ${states('pending', 'sending', 'delivered', 'dead', 'unknown')}`,
  'ALTER TABLE deliveries DROP COLUMN version',
];

/** Messages about one run go to a channel in the order of its versions, over all replicas. */
export class Order1764000000102 implements MigrationInterface {
  readonly name = 'Order1764000000102';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
