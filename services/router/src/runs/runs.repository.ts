import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { RunRecord } from '@stellwerk/flows';
import { factOf, jobsFactOf } from './start-facts.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

@Injectable()
export class RunsRepository {
  /** Gives the ids of those that were not there already. Whoever inserts several brings them in one order (`RunsAtHand.started`). */
  async insert(tx: Queryable, runs: readonly RunRecord[]): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }>(
      `INSERT INTO runs (id, flow, revision, state, version, chain, fact, jobs_fact, document, created_at, finished_at)
       SELECT id, flow, revision, state, version, chain, fact, jobs_fact, document, created_at, finished_at
       FROM json_to_recordset($1::json) AS new(n int, id uuid, flow text, revision text, state text, version int, chain text[], fact text, jobs_fact text, document json, created_at timestamptz, finished_at timestamptz)
       ORDER BY n ON CONFLICT DO NOTHING RETURNING id`,
      [JSON.stringify(runs.map((run, n) => ({
        n, id: run.id, flow: run.flow, revision: run.revision, state: run.state, version: run.version, chain: run.chain.flows, fact: factOf(run),
        jobs_fact: jobsFactOf(run), document: run, created_at: run.createdAt, finished_at: run.finishedAt ?? null,
      })))],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * Lets the runs of these facts know their ends by their jobs as well, where whoever told the fact first did not: else the next end after
   * the same jobs would start them again.
   */
  async learnJobs(tx: Queryable, again: readonly RunRecord[]): Promise<void> {
    const told = again.map((run) => ({ flow: run.flow, fact: factOf(run), jobs_fact: jobsFactOf(run) })).filter(({ jobs_fact }) => jobs_fact !== undefined);
    if (told.length === 0) return;
    await tx.query(
      `UPDATE runs SET jobs_fact = told.jobs_fact FROM json_to_recordset($1::json) AS told(flow text, fact text, jobs_fact text)
       WHERE runs.flow = told.flow AND md5(runs.fact) = md5(told.fact) AND runs.jobs_fact IS NULL
         AND NOT EXISTS (SELECT FROM runs AS other WHERE other.flow = told.flow AND md5(other.jobs_fact) = md5(told.jobs_fact))`,
      [JSON.stringify(told)],
    );
  }

  /** The runs that there are, locked until the transaction ends, in one order, so that no two transactions wait for each other. */
  async lock(tx: Queryable, ids: Iterable<string>): Promise<RunRecord[]> {
    const known = [...new Set(ids)].filter((id) => UUID.test(id));
    if (known.length === 0) return [];
    const rows = await tx.query<{ document: RunRecord }>('SELECT document FROM runs WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE', [known]);
    return rows.map(({ document }) => document);
  }

  /** The run as it is now, for who only looks: nobody waits for that. Undefined when there is none. */
  async find(tx: Queryable, id: string): Promise<RunRecord | undefined> {
    if (!UUID.test(id)) return undefined;
    const [row] = await tx.query<{ document: RunRecord }>('SELECT document FROM runs WHERE id = $1', [id]);
    return row?.document;
  }

  /** As `lock`, but leaves out those that another transaction has. */
  async lockFree(tx: Queryable, ids: readonly string[]): Promise<RunRecord[]> {
    const rows = await tx.query<{ document: RunRecord }>('SELECT document FROM runs WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED', [ids]);
    return rows.map(({ document }) => document);
  }

  async update(tx: Queryable, runs: readonly RunRecord[]): Promise<void> {
    if (runs.length === 0) return;
    await tx.query(
      `UPDATE runs SET state = new.state, version = new.version, document = new.document, finished_at = new.finished_at
       FROM json_to_recordset($1::json) AS new(id uuid, state text, version int, document json, finished_at timestamptz) WHERE runs.id = new.id`,
      [JSON.stringify(runs.map((run) => ({ id: run.id, state: run.state, version: run.version, document: run, finished_at: run.finishedAt ?? null })))],
    );
  }
}
