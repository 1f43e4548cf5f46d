import { Injectable } from '@nestjs/common';
import type { CloudEvent, TriggerResult } from '@stellwerk/contracts';
import { Database, type Queryable } from '@stellwerk/database';
import { GroupedWork, type GroupResult } from '@stellwerk/service-kit';
import { columnsOf, toDispatch, type DispatchChange, type Row } from './dispatch.row.js';
import type { Dispatch } from './dispatch.types.js';

/** What a step of each changes: of absent values the column stays, for those that can be emptied this is told beside. */
const CHANGE = `
  UPDATE dispatches d SET state = c.state, next_attempt_at = c.next_at, lane_wait = c.lane_wait, lease_until = NULL, updated_at = now(),
    carrier = COALESCE(c.carrier, d.carrier), looks = COALESCE(c.looks, d.looks), unknown_told_at = COALESCE(c.unknown_told_at, d.unknown_told_at),
    handle = COALESCE(c.handle, d.handle), run = COALESCE(c.run, d.run), run_key = COALESCE(c.run_key, d.run_key), outcome = COALESCE(c.outcome, d.outcome),
    outputs = COALESCE(c.outputs, d.outputs),
    called_at = CASE WHEN c.sets_called THEN c.called_at ELSE d.called_at END, absent_at = CASE WHEN c.sets_absent THEN c.absent_at ELSE d.absent_at END,
    reason = CASE WHEN c.sets_reason THEN c.reason ELSE d.reason END
  FROM unnest($1::text[], $2::bigint[], $3::text[], $4::timestamptz[], $5::bool[], $6::bool[], $7::int[], $8::timestamptz[], $9::text[], $10::jsonb[], $11::text[],
    $12::jsonb[], $13::timestamptz[], $14::bool[], $15::timestamptz[], $16::bool[], $17::text[], $18::bool[], $19::jsonb[])
    AS c(command_id, fence, state, next_at, lane_wait, carrier, looks, unknown_told_at, handle, run, run_key, outcome, called_at, sets_called, absent_at, sets_absent,
      reason, sets_reason, outputs)
  WHERE d.command_id = c.command_id AND d.fence = c.fence
  RETURNING d.command_id`;

/** In two halves, as each kind of owner has an index of its own. */
const OWNERS = `
  SELECT run_key, command_id FROM dispatches WHERE run_key = ANY($1::text[]) AND action <> 'follow-run'
  UNION ALL SELECT run_key, command_id FROM dispatches WHERE run_key = ANY($1::text[]) AND action = 'follow-run'`;

const MOST_KEYS = 1_000;

export interface ChangeOf {
  dispatch: Pick<Dispatch, 'commandId' | 'fence'>;
  change: DispatchChange;
}

/** The table `dispatches`: one row a command, moved under fence and lease. */
@Injectable()
export class DispatchRepository {
  // A look-up asks for every run in sight: after a crash under load these are thousands at once, and each by itself would take every connection there is.
  readonly #owners = new GroupedWork<string, string[]>((keys) => this.#ownersOf(keys), { max: MOST_KEYS, atOnce: 2 });

  constructor(private readonly database: Database) {}

  async find(commandId: string): Promise<Dispatch | undefined> {
    const [row] = await this.database.query<Row>('SELECT * FROM dispatches WHERE command_id = $1', [commandId]);
    return row && toDispatch(row);
  }

  /** Writes the outcomes of steps and gives the leases back. Gives the ids that were written; a passed fence writes nothing. */
  async change(tx: Queryable, changes: readonly ChangeOf[]): Promise<Set<string>> {
    const rows = await tx.query<{ command_id: string }>(CHANGE, columnsOf(changes, [
      ({ dispatch }) => dispatch.commandId, ({ dispatch }) => dispatch.fence, ({ change }) => change.state, ({ change }) => change.nextAt,
      ({ change }) => change.laneWait ?? false, ({ change }) => change.carrier, ({ change }) => change.looks, ({ change }) => change.unknownToldAt,
      ({ change }) => change.handle, ({ change }) => change.run, ({ change }) => change.runKey, ({ change }) => change.outcome,
      ({ change }) => change.calledAt, ({ change }) => change.calledAt !== undefined, ({ change }) => change.absentAt, ({ change }) => change.absentAt !== undefined,
      ({ change }) => change.reason, ({ change }) => change.reason !== undefined, ({ change }) => change.outputs,
    ]));
    return new Set(rows.map((row) => row.command_id));
  }

  /** Parked dispatches of a connection become due, e.g. because its settings have changed. */
  async wakeConnection(connection: string): Promise<void> {
    await this.database.query("UPDATE dispatches SET next_attempt_at = now() WHERE connection = $1 AND state = 'PENDING' AND next_attempt_at > now()", [connection]);
  }

  /** A dispatch that is not sent yet never will be. @returns false when it is too late for that */
  async withdraw(tx: Queryable, commandId: string, reason: string, outcome: CloudEvent<TriggerResult>): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE dispatches SET state = 'FAILED', reason = $2, outcome = $3, next_attempt_at = NULL, fence = fence + 1, updated_at = now()
       WHERE command_id = $1 AND state = 'PENDING' RETURNING command_id`,
      [commandId, reason, JSON.stringify(outcome)],
    );
    return rows.length > 0;
  }

  /** True when another command owns that platform run, having started it or following it for a person. */
  async isClaimed(runKey: string, by: string): Promise<boolean> {
    return (await this.#owners.run(runKey)).some((commandId) => commandId !== by);
  }

  /** True when another command was answered with the same queue item; `open`: one that has no run yet, so that the two were merged. */
  async isHandleTaken({ connection, handle, by, which }: { connection: string; handle: string; by: string; which: 'any' | 'open' }): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM dispatches WHERE connection = $1 AND handle = $2 AND command_id <> $3 AND ($4 = 'any' OR (state = 'TRIGGERED' AND run IS NULL))`,
      [connection, handle, by, which],
    );
    return rows.length > 0;
  }

  async #ownersOf(keys: readonly string[]): Promise<GroupResult<string[]>[]> {
    const rows = await this.database.query<{ run_key: string; command_id: string }>(OWNERS, [[...new Set(keys)]]);
    const owners = Map.groupBy(rows, ({ run_key }) => run_key);
    return keys.map((key) => ({ status: 'fulfilled', value: owners.get(key)?.map(({ command_id }) => command_id) ?? [] }));
  }
}
