import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  `CREATE TABLE deliveries (
    seq bigint GENERATED ALWAYS AS IDENTITY,
    id text PRIMARY KEY,
    run text NOT NULL,
    transition text NOT NULL,
    occurrence integer NOT NULL,
    channel text NOT NULL,
    flow text NOT NULL,
    notice jsonb NOT NULL,
    trace jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'sending', 'delivered', 'dead', 'unknown')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    lease_until timestamptz,
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    UNIQUE (run, transition, occurrence, channel)
  )`,
  "CREATE INDEX deliveries_due ON deliveries (next_attempt_at, seq) WHERE state = 'pending'",
  "CREATE INDEX deliveries_sending ON deliveries (lease_until) WHERE state = 'sending'",
  "CREATE INDEX deliveries_open ON deliveries (run, channel, seq) WHERE state IN ('pending', 'sending')",
  'CREATE INDEX deliveries_finished ON deliveries (finished_at) WHERE finished_at IS NOT NULL',
  'CREATE TABLE channel_gates (channel text PRIMARY KEY, not_before timestamptz NOT NULL)',
];

/** What is to be said, what was said, and which channels asked us to wait. */
export class Deliveries1764000000101 implements MigrationInterface {
  readonly name = 'Deliveries1764000000101';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE channel_gates, deliveries');
  }
}
