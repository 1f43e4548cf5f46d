const LANE_INDEX = "CREATE INDEX dispatches_lane ON dispatches (lane, created_at) WHERE state IN ('PENDING', 'DISPATCHING', 'UNKNOWN', 'TRIGGERED')";

/** Tables of a connector, relative to its schema; used by each connector's first migration. */
export const connectorTables = (): string[] => [
  `CREATE TABLE dispatches (
    command_id text PRIMARY KEY,
    run_id text NOT NULL,
    step text NOT NULL,
    purpose text NOT NULL,
    n integer NOT NULL,
    connection text NOT NULL,
    action text NOT NULL,
    command jsonb NOT NULL,
    trace jsonb NOT NULL DEFAULT '{}',
    lane text NOT NULL,
    lane_wait boolean NOT NULL DEFAULT false,
    state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'DISPATCHING', 'TRIGGERED', 'FAILED', 'UNKNOWN')),
    attempt integer NOT NULL DEFAULT 0,
    fence bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    next_attempt_at timestamptz DEFAULT now(),
    carrier boolean NOT NULL DEFAULT true,
    first_sent_at timestamptz,
    sent_at timestamptz,
    called_at timestamptz,
    absent_at timestamptz,
    looks integer NOT NULL DEFAULT 0,
    unknown_told_at timestamptz,
    handle text,
    run jsonb,
    run_key text,
    reason text,
    outcome jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
  )`,
  'CREATE INDEX dispatches_due ON dispatches (next_attempt_at) WHERE next_attempt_at IS NOT NULL',
  LANE_INDEX,
  'CREATE INDEX dispatches_step ON dispatches (run_id, step, purpose)',
  'CREATE INDEX dispatches_handle ON dispatches (connection, handle) WHERE handle IS NOT NULL',
  // One platform run belongs to one command; following a run that a person named is the exception.
  "CREATE UNIQUE INDEX dispatches_run_key ON dispatches (run_key) WHERE run_key IS NOT NULL AND action <> 'follow-run'",
  `CREATE TABLE carrier_notes (
    connection text NOT NULL,
    pipeline text NOT NULL,
    reason text NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (connection, pipeline)
  )`,
  `CREATE TABLE watched_runs (
    run_key text PRIMARY KEY,
    command_id text NOT NULL,
    our_run_id text NOT NULL,
    connection text NOT NULL,
    repository text NOT NULL,
    platform_run_id text NOT NULL,
    attempt integer NOT NULL,
    pipeline text,
    url text,
    trace jsonb NOT NULL DEFAULT '{}',
    told text[] NOT NULL DEFAULT '{}',
    next_poll_at timestamptz,
    hook_seen_at timestamptz,
    spanned_at timestamptz,
    ended_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  'CREATE INDEX watched_runs_due ON watched_runs (next_poll_at) WHERE ended_at IS NULL',
  'CREATE INDEX watched_runs_repository ON watched_runs (connection, repository) WHERE ended_at IS NULL',
  `CREATE TABLE polled_repositories (
    connection text NOT NULL,
    repository text NOT NULL,
    polled_at timestamptz NOT NULL,
    PRIMARY KEY (connection, repository)
  )`,
];

/** What the second migration of each connector adds: every look is by an index, and what is settled leaves the small ones. */
export const connectorIndexes = (): string[] => [
  'CREATE INDEX dispatches_open_lane ON dispatches (lane, created_at) WHERE next_attempt_at IS NOT NULL',
  'DROP INDEX dispatches_lane',
  "CREATE INDEX dispatches_followed ON dispatches (run_key) WHERE action = 'follow-run'",
  "CREATE INDEX dispatches_unknown ON dispatches (created_at) WHERE state = 'UNKNOWN'",
  // What is forgotten after three months is looked for all the time, and stands at the beginning of the table.
  'CREATE INDEX dispatches_created ON dispatches USING brin (created_at)',
  'CREATE INDEX watched_runs_created ON watched_runs USING brin (created_at)',
];

/** A later migration of each connector: what a platform gave when it took a command whose run is not known yet. */
export const connectorOutputs = (): string[] => ['ALTER TABLE dispatches ADD COLUMN outputs jsonb'];

/** The way back from `connectorIndexes`. */
export const withoutConnectorIndexes = (): string[] => [
  'DROP INDEX dispatches_open_lane, dispatches_followed, dispatches_unknown, dispatches_created, watched_runs_created',
  LANE_INDEX,
];
