import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

export class NamedJobs1764000000003 implements MigrationInterface {
  name = 'NamedJobs1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    // When which job of the configuration is looked at next, and by whom. `looked_at` is by the clock of Jenkins.
    await runner.query(`CREATE TABLE named_jobs (
      connection text NOT NULL,
      job text NOT NULL,
      next_look_at timestamptz NOT NULL DEFAULT now(),
      lease_until timestamptz,
      fence bigint NOT NULL DEFAULT 0,
      looked_at timestamptz,
      hook_seen_at timestamptz,
      PRIMARY KEY (connection, job)
    )`);
    // What is told of each job at or below a named one: all builds up to a number, but for the ends of those that run.
    await runner.query(`CREATE TABLE job_cursors (
      connection text NOT NULL,
      named text NOT NULL,
      job text NOT NULL,
      last_number integer NOT NULL,
      last_began_at bigint,
      since bigint,
      running integer[] NOT NULL DEFAULT '{}',
      gone_at timestamptz,
      PRIMARY KEY (connection, named, job)
    )`);
    await runner.query(`CREATE TABLE job_notes (
      connection text NOT NULL,
      named text NOT NULL,
      job text NOT NULL,
      kind text NOT NULL,
      note text NOT NULL,
      until timestamptz NOT NULL,
      PRIMARY KEY (connection, named, job, kind)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE named_jobs, job_cursors, job_notes');
  }
}
