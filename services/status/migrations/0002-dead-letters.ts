import type { MigrationInterface, QueryRunner } from 'typeorm';

const REPLAYS = [
  // The number is the n of `<message id>:replay:<n>`: one order of a person, whether it names one letter or a million hooks.
  `CREATE TABLE replays (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    state text NOT NULL,
    person text NOT NULL,
    filter jsonb NOT NULL,
    again boolean NOT NULL DEFAULT false,
    dry_run boolean NOT NULL DEFAULT false,
    matched integer NOT NULL DEFAULT 0,
    sent integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    scanned bigint NOT NULL DEFAULT 0,
    next_sequence bigint,
    last_sequence bigint,
    detail text,
    leased_until timestamptz NOT NULL DEFAULT '-infinity',
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
  )`,
  // A second press of the button must not start everything twice.
  "CREATE UNIQUE INDEX replays_one_of_hooks ON replays ((true)) WHERE kind = 'hooks' AND state = 'running' AND NOT dry_run",
  "CREATE INDEX replays_running ON replays (number) WHERE state = 'running'",
];

const DEAD_LETTERS = [
  // The bytes stay in DEAD_LETTERS; `positions` are the places there, more than one when a letter was written again after the dedupe window.
  `CREATE TABLE dead_letters (
    id text COLLATE "C" PRIMARY KEY,
    positions bigint[] NOT NULL,
    stream text NOT NULL,
    consumer text NOT NULL,
    subject text NOT NULL,
    reason text NOT NULL,
    deliveries integer NOT NULL,
    message_id text NOT NULL,
    sequence bigint,
    content_type text,
    bytes integer NOT NULL,
    preview text,
    died_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'open',
    todo text,
    leased_until timestamptz NOT NULL DEFAULT '-infinity',
    replay bigint REFERENCES replays (number),
    replayed_by text,
    replayed_at timestamptz,
    sent_at timestamptz,
    purged_by text,
    purged_at timestamptz,
    purge_reason text,
    erased_at timestamptz,
    note text
  )`,
  'CREATE INDEX dead_letters_by_age ON dead_letters (died_at DESC, id DESC)',
  'CREATE INDEX dead_letters_by_message ON dead_letters (message_id)',
  "CREATE INDEX dead_letters_open ON dead_letters (consumer, died_at DESC) WHERE state = 'open'",
  'CREATE INDEX dead_letters_todo ON dead_letters ((positions[1])) WHERE todo IS NOT NULL',
  'CREATE INDEX dead_letters_by_replay ON dead_letters (replay) WHERE replay IS NOT NULL',
];

const AUDIT = [
  `CREATE TABLE audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    person text NOT NULL,
    role text NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    detail jsonb NOT NULL
  )`,
  'CREATE INDEX audit_log_by_target ON audit_log (target, at)',
  `CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$`,
  `CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
   FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only()`,
];

/** Dead letters as people see and order them, replays and their progress, and who ordered what. */
export class DeadLetters1764000000002 implements MigrationInterface {
  readonly name = 'DeadLetters1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...REPLAYS, ...DEAD_LETTERS, ...AUDIT]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_log, dead_letters, replays');
    await runner.query('DROP FUNCTION audit_log_is_append_only');
  }
}
