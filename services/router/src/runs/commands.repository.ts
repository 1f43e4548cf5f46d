import { Injectable } from '@nestjs/common';
import type { Command, Purpose } from '@stellwerk/contracts';
import type { Queryable } from '@stellwerk/database';
import type { Chain } from '@stellwerk/flows';
import type { CommandTarget } from './command-target.js';

export type CommandState = 'sent' | 'accepted' | 'rejected' | 'unknown';

/** The run whose command an event goes back to. */
export interface CausingRun {
  id: string;
  flow: string;
  chain: Chain;
}

export interface SettledCommand {
  purpose: Purpose;
  origin: string;
  repository: string | null;
}

@Injectable()
export class CommandsRepository {
  async insert(tx: Queryable, id: string, command: Command, target: CommandTarget): Promise<void> {
    await tx.query(
      `INSERT INTO commands (id, run, purpose, connection, origin, repository, pipeline, state) VALUES ($1, $2, $3, $4, $5, $6, $7, 'sent')`,
      [id, command.run, command.purpose, command.connection, target.origin, target.repository ?? null, target.pipeline ?? null],
    );
  }

  /** Notes what became of a command; a settled one is not unsettled again. Undefined when that changed nothing. */
  async settle(tx: Queryable, id: string, state: CommandState, details: { key?: string; reason?: string }): Promise<SettledCommand | undefined> {
    const [row] = await tx.query<SettledCommand>(
      `WITH settled AS (
         UPDATE commands SET state = $2, platform_run_key = coalesce($3, platform_run_key), reason = $4,
           settled_at = CASE WHEN $2 = 'unknown' THEN NULL ELSE now() END
         WHERE id = $1 AND (state IN ('sent', 'unknown') OR (state = 'given-up' AND $2 <> 'unknown')) RETURNING purpose, origin, repository)
       SELECT * FROM settled`,
      [id, state, details.key ?? null, details.reason ?? null],
    );
    return row;
  }

  /** Of an UNKNOWN nobody waits for any more. What is heard of it later is still noted. */
  async giveUp(tx: Queryable, id: string): Promise<void> {
    await tx.query("UPDATE commands SET state = 'given-up', settled_at = now() WHERE id = $1 AND state IN ('sent', 'unknown')", [id]);
  }

  /** The platform echoed our id: it took the command, and from now on its run is known to be ours. */
  async echoed(tx: Queryable, id: string, key: string): Promise<SettledCommand | undefined> {
    const settled = await this.settle(tx, id, 'accepted', { key });
    if (settled) return settled;
    await tx.query('UPDATE commands SET platform_run_key = $2 WHERE id = $1 AND platform_run_key IS NULL', [id, key]);
    return undefined;
  }

  /** Ids of the runs that started this run of a platform, in the order in which they are to be locked. */
  async runsBehind(tx: Queryable, key: string, correlation: string | undefined): Promise<string[]> {
    const rows = await tx.query<{ run: string }>(
      'SELECT DISTINCT run FROM commands WHERE platform_run_key = $1 OR id = $2 ORDER BY run',
      [key, correlation ?? null],
    );
    return rows.map(({ run }) => run);
  }

  async causeOf(tx: Queryable, key: string | undefined, correlation: string | undefined): Promise<CausingRun | undefined> {
    const [row] = await tx.query<{ id: string; flow: string; chain: string[] }>(
      `SELECT runs.id, runs.flow, runs.chain FROM commands JOIN runs ON runs.id = commands.run
       WHERE commands.platform_run_key = $1 OR commands.id = $2 ORDER BY commands.created_at LIMIT 1`,
      [key ?? null, correlation ?? null],
    );
    return row && { id: row.id, flow: row.flow, chain: { links: row.chain.length, flows: row.chain } };
  }

  /** Commands that may have started something in this place of an instance and are not settled. */
  async unsettledAt(tx: Queryable, origin: string, repository: string, since: Date): Promise<{ repository: string | null; pipeline: string | null; createdAt: Date }[]> {
    return tx.query(
      `SELECT repository, pipeline, created_at AS "createdAt" FROM commands
       WHERE origin = $1 AND (repository IS NULL OR repository = $2 OR starts_with($2, repository || '/')) AND created_at > $3 AND state IN ('sent', 'unknown') AND purpose IN ('run', 'rollback')`,
      [origin, repository, since],
    );
  }
}
