import { sweepTables } from '@stellwerk/connector-kit';
import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

/** Where sweeps stand, and the deliveries that GitHub could not hand over. */
const TABLES = [
  ...sweepTables(),
  `CREATE TABLE missed_deliveries (
    connection text NOT NULL,
    source text NOT NULL,
    guid text NOT NULL,
    delivery_id text NOT NULL,
    event text NOT NULL,
    action text,
    wanted boolean NOT NULL,
    status text NOT NULL,
    failed_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'back', 'given-up')),
    asks integer NOT NULL DEFAULT 0,
    asked_at timestamptz,
    next_ask_at timestamptz NOT NULL DEFAULT now(),
    reason text,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (connection, source, guid)
  )`,
  "CREATE INDEX missed_deliveries_open ON missed_deliveries (connection, source, next_ask_at) WHERE state = 'open'",
  'CREATE INDEX missed_deliveries_age ON missed_deliveries (updated_at)',
];

export class Sweeps1764000000003 implements MigrationInterface {
  name = 'Sweeps1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE missed_deliveries, sweeps');
  }
}
