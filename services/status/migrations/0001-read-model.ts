import type { MigrationInterface, QueryRunner } from 'typeorm';
import { outboxTable } from '@stellwerk/database';

const RUNS = [
  // Texts that may be absent are '' here so that one index serves equality on all of them; the snapshot keeps what was told.
  `CREATE TABLE runs (
    id text COLLATE "C" PRIMARY KEY,
    flow text NOT NULL,
    state text NOT NULL,
    connection text NOT NULL,
    repository text NOT NULL,
    branch text NOT NULL,
    sha text NOT NULL,
    event_id text NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    change xid8 NOT NULL DEFAULT pg_current_xact_id(),
    snapshot jsonb NOT NULL
  )`,
  'CREATE INDEX runs_by_age ON runs (created_at DESC, id DESC)',
  'CREATE INDEX runs_by_flow ON runs (flow, created_at DESC, id DESC)',
  'CREATE INDEX runs_by_repository ON runs (repository, created_at DESC, id DESC)',
  'CREATE INDEX runs_by_sha ON runs (sha text_pattern_ops, created_at DESC)',
  'CREATE INDEX runs_open ON runs (state, created_at DESC, id DESC) WHERE finished_at IS NULL',
  'CREATE INDEX runs_finished ON runs (flow, repository, branch, finished_at DESC) WHERE finished_at IS NOT NULL',
  'CREATE INDEX runs_by_change ON runs (change, id)',
];

const EVENTS = [
  `CREATE TABLE events (
    id text COLLATE "C" PRIMARY KEY,
    type text NOT NULL,
    source text NOT NULL,
    subject text NOT NULL,
    fact text NOT NULL,
    connection text NOT NULL,
    repository text NOT NULL,
    branch text NOT NULL,
    sha text NOT NULL,
    run text NOT NULL,
    platform_run text NOT NULL,
    hook boolean NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    trace text,
    data jsonb NOT NULL
  )`,
  'CREATE INDEX events_by_age ON events (recorded_at DESC, id DESC)',
  'CREATE INDEX events_by_type ON events (type, recorded_at DESC, id DESC)',
  'CREATE INDEX events_by_connection ON events (connection, recorded_at DESC, id DESC)',
  'CREATE INDEX events_by_hook ON events (connection, recorded_at DESC) WHERE hook',
  'CREATE INDEX events_by_repository ON events (repository, recorded_at DESC, id DESC)',
  "CREATE INDEX events_by_sha ON events (sha text_pattern_ops, recorded_at DESC) WHERE sha <> ''",
  "CREATE INDEX events_by_run ON events (run, recorded_at DESC, id DESC) WHERE run <> ''",
  "CREATE INDEX events_by_platform_run ON events (platform_run, recorded_at DESC) WHERE platform_run <> ''",
];

const PLATFORM_RUNS = [
  `CREATE TABLE platform_runs (
    key text COLLATE "C" PRIMARY KEY,
    connection text NOT NULL,
    repository text NOT NULL,
    pipeline text,
    external_id text NOT NULL,
    attempt integer NOT NULL,
    url text,
    state text NOT NULL,
    rank smallint NOT NULL,
    branch text NOT NULL,
    sha text NOT NULL,
    run text NOT NULL,
    step text NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    changed_at timestamptz NOT NULL
  )`,
  "CREATE INDEX platform_runs_by_run ON platform_runs (run) WHERE run <> ''",
  'CREATE INDEX platform_runs_by_age ON platform_runs (changed_at)',
  // What was told on status.pipelinerun.*; outlives the timeline, as a poll or a replay may tell a fact again.
  'CREATE TABLE told_facts (fact text COLLATE "C" PRIMARY KEY, told_at timestamptz NOT NULL DEFAULT now())',
  'CREATE INDEX told_facts_by_age ON told_facts (told_at)',
  `CREATE TABLE connection_health (
    connection text PRIMARY KEY,
    health jsonb NOT NULL,
    changed_at timestamptz NOT NULL
  )`,
];

/** The read model, and the outbox of what it tells. */
export class ReadModel1764000000001 implements MigrationInterface {
  readonly name = 'ReadModel1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...RUNS, ...EVENTS, ...PLATFORM_RUNS, ...outboxTable()]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox, connection_health, told_facts, platform_runs, events, runs');
  }
}
