import { inboxTable, outboxTable, type MigrationInterface, type QueryRunner } from '@stellwerk/database';

// Documents are `json`, not `jsonb`: they are read and written whole, and jsonb refuses texts that platforms may send (\u0000).
const RUNS = [
  `CREATE TABLE flow_revisions (
    flow text NOT NULL,
    revision text NOT NULL,
    content json NOT NULL,
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (flow, revision)
  )`,
  // The id is made from flow, trigger and fact: one run per (flow, trigger, fact), for ever.
  `CREATE TABLE runs (
    id uuid PRIMARY KEY,
    flow text NOT NULL,
    revision text NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    chain text[] NOT NULL,
    fact text NOT NULL,
    document json NOT NULL,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    FOREIGN KEY (flow, revision) REFERENCES flow_revisions (flow, revision)
  )`,
  // An edit that moves triggers within their flow must not let the same fact start it again.
  'CREATE UNIQUE INDEX runs_once ON runs (flow, md5(fact))',
  'CREATE INDEX runs_live ON runs (state) WHERE finished_at IS NULL',
];

const COMMANDS = [
  `CREATE TABLE commands (
    id text PRIMARY KEY,
    run uuid NOT NULL REFERENCES runs (id),
    purpose text NOT NULL,
    connection text NOT NULL,
    origin text NOT NULL,
    repository text,
    pipeline text,
    state text NOT NULL,
    platform_run_key text,
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz
  )`,
  'CREATE INDEX commands_by_run ON commands (run)',
  'CREATE INDEX commands_by_platform_run ON commands (platform_run_key) WHERE platform_run_key IS NOT NULL',
  "CREATE INDEX commands_unsettled ON commands (origin, created_at) WHERE state IN ('sent', 'unknown') AND purpose IN ('run', 'rollback')",
  `CREATE TABLE platform_runs (
    key text PRIMARY KEY,
    state json,
    seen_at timestamptz NOT NULL DEFAULT now()
  )`,
  'CREATE INDEX platform_runs_by_age ON platform_runs (seen_at)',
];

const WAITING = [
  `CREATE TABLE timers (
    run uuid NOT NULL REFERENCES runs (id),
    key text NOT NULL,
    due_at timestamptz NOT NULL,
    timer json NOT NULL,
    PRIMARY KEY (run, key)
  )`,
  'CREATE INDEX timers_due ON timers (due_at)',
  `CREATE TABLE held_events (
    id text PRIMARY KEY,
    origin text NOT NULL,
    repository text NOT NULL,
    event json NOT NULL,
    trace json NOT NULL,
    held_until timestamptz NOT NULL
  )`,
  'CREATE INDEX held_events_by_origin ON held_events (origin, repository)',
  'CREATE INDEX held_events_by_age ON held_events (held_until)',
];

const LEDGER = [
  `CREATE TABLE deployments (
    run uuid NOT NULL REFERENCES runs (id),
    step text NOT NULL,
    environment text NOT NULL,
    state text NOT NULL,
    event json NOT NULL,
    env json NOT NULL,
    deployed_at timestamptz NOT NULL,
    PRIMARY KEY (run, step)
  )`,
  'CREATE INDEX deployments_latest ON deployments (environment, deployed_at DESC)',
  "CREATE INDEX deployments_good ON deployments (environment, deployed_at DESC) WHERE state = 'good'",
];

export class Runs1764000000001 implements MigrationInterface {
  name = 'Runs1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [...inboxTable(), ...outboxTable(), ...RUNS, ...COMMANDS, ...WAITING, ...LEDGER]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['deployments', 'held_events', 'timers', 'platform_runs', 'commands', 'runs', 'flow_revisions', 'outbox', 'inbox']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
