import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { RunRecord } from '@stellwerk/flows';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

@Injectable()
export class RunsRepository {
  /** False when the run is there already. */
  async insert(tx: Queryable, run: RunRecord): Promise<boolean> {
    const rows = await tx.query(
      `INSERT INTO runs (id, flow, revision, state, version, chain, fact, document, created_at, finished_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING id`,
      [run.id, run.flow, run.revision, run.state, run.version, run.chain.flows, run.event.fact, JSON.stringify(run), run.createdAt, run.finishedAt ?? null],
    );
    return rows.length > 0;
  }

  /** The run, locked until the transaction ends; undefined when there is none. */
  async lock(tx: Queryable, id: string): Promise<RunRecord | undefined> {
    if (!UUID.test(id)) return undefined;
    const [row] = await tx.query<{ document: RunRecord }>('SELECT document FROM runs WHERE id = $1 FOR UPDATE', [id]);
    return row?.document;
  }

  /** As `lock`, but undefined at once while another transaction has the run. */
  async lockIfFree(tx: Queryable, id: string): Promise<RunRecord | undefined> {
    const [row] = await tx.query<{ document: RunRecord }>('SELECT document FROM runs WHERE id = $1 FOR UPDATE SKIP LOCKED', [id]);
    return row?.document;
  }

  async update(tx: Queryable, run: RunRecord): Promise<void> {
    await tx.query('UPDATE runs SET state = $2, version = $3, document = $4, finished_at = $5 WHERE id = $1', [
      run.id, run.state, run.version, JSON.stringify(run), run.finishedAt ?? null,
    ]);
  }
}
