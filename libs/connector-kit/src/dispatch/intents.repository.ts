import { Injectable } from '@nestjs/common';
import type { CloudEvent, Command, TriggerResult } from '@stellwerk/contracts';
import { Database, type Queryable } from '@stellwerk/database';
import type { TraceHeaders } from '@stellwerk/service-kit';
import { columnsOf, toDispatch, type Row } from './dispatch.row.js';
import type { Dispatch, DispatchState } from './dispatch.types.js';
import { LANE_BUSY } from './lanes.repository.js';

/** A command as it enters the table. */
export interface Intent {
  commandId: string;
  command: Command;
  trace: TraceHeaders;
  lane: string;
  carrier: boolean;
  /** `exclusive`: only when nobody else is in the lane. Absent: it waits in the table. */
  send?: { exclusive: boolean };
  /** Of its lease; or until it is due. */
  ms: number;
  /** Why it waits. */
  reason?: string;
  /** It waits for its lane. */
  waitsForLane?: boolean;
  /** It may be a second order of what is settled: replayed, delivered again, or not the first of its step. */
  careful: boolean;
}

/** `late`: a later command for the same step was taken already. */
export interface Entered {
  dispatch: Dispatch;
  kind: 'sending' | 'waiting' | 'late' | 'known';
}

const LATE = 'a later command for the same step was taken before this one';
const BUSY = 'another dispatch to the same pipeline and ref is not settled yet';
const SETTLED_BY_LATER = 'settled by a later command';

/** Reports of one run go to several places under one count: only those to the same place replace each other. */
const SAME_STEP = "d.run_id = i.run_id AND d.step = i.step AND d.purpose = i.purpose AND (i.purpose <> 'report' OR d.lane = i.lane)";

/** Straight to DISPATCHING and "sent", under lease and fence, where it goes out now: the intent is on disk before the call. */
const ENTER = `
  INSERT INTO dispatches (command_id, run_id, step, purpose, n, connection, action, command, trace, lane, carrier, state, attempt, fence, lane_wait,
    reason, sent_at, first_sent_at, lease_until, next_attempt_at)
  SELECT command_id, run_id, step, purpose, n, connection, action, command, trace, lane, carrier,
    CASE WHEN late THEN 'FAILED' WHEN sends THEN 'DISPATCHING' ELSE 'PENDING' END, sends::int, sends::int, busy OR waits_for_lane,
    CASE WHEN late THEN '${LATE}' WHEN busy THEN '${BUSY}' ELSE reason END,
    CASE WHEN sends THEN now() END, CASE WHEN sends THEN now() END, CASE WHEN sends THEN due END, CASE WHEN NOT late THEN due END
  FROM (
    SELECT i.*, l.late, b.busy, i.send AND NOT l.late AND NOT b.busy AS sends, now() + CASE WHEN b.busy THEN $16 ELSE i.ms END * interval '1 millisecond' AS due
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::jsonb[], $9::jsonb[], $10::text[], $11::bool[], $12::bool[],
      $13::bool[], $14::int[], $15::text[], $17::bool[])
      AS i(command_id, run_id, step, purpose, n, connection, action, command, trace, lane, carrier, send, exclusive, ms, reason, waits_for_lane)
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM dispatches d WHERE ${SAME_STEP} AND d.n > i.n) AS late) l
    CROSS JOIN LATERAL (SELECT i.exclusive AND EXISTS (${LANE_BUSY('i.lane', 'i.command_id')}) AS busy) b
  ) AS entering
  ORDER BY command_id
  ON CONFLICT (command_id) DO NOTHING
  RETURNING command_id, state, attempt, fence, sent_at, created_at, reason, lane_wait, clock_timestamp() AS claimed_at`;

/** A later command for the same step means that a person or the router has settled the earlier one: it must never be sent again. */
const SUPERSEDE = `
  UPDATE dispatches d SET state = 'FAILED', reason = '${SETTLED_BY_LATER}', next_attempt_at = NULL, lease_until = NULL, fence = d.fence + 1, updated_at = now()
  FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[]) AS i(run_id, step, purpose, n, lane)
  WHERE ${SAME_STEP} AND d.n < i.n
    AND (d.state IN ('PENDING', 'DISPATCHING', 'UNKNOWN') OR (d.state = 'TRIGGERED' AND d.run IS NULL AND d.next_attempt_at IS NOT NULL))`;

/** In one order, else two groups could wait for each other. */
const LOCK = 'SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest($1::text[]) AS name ORDER BY 1) AS keys';

type EnteredRow = Pick<Row, 'command_id' | 'state' | 'attempt' | 'fence' | 'sent_at' | 'created_at' | 'reason'> & { lane_wait: boolean; claimed_at: Date };

const KINDS: Readonly<Partial<Record<DispatchState, Entered['kind']>>> = { DISPATCHING: 'sending', PENDING: 'waiting', FAILED: 'late' };

const enteredOf = ({ commandId, command, trace, lane, carrier }: Intent, row: EnteredRow): Entered => ({
  kind: KINDS[row.state]!,
  dispatch: {
    commandId, connection: command.connection, command, trace, lane, carrier, state: row.state, attempt: row.attempt, fence: String(row.fence), looks: 0,
    sentAt: row.sent_at ?? undefined, firstSentAt: row.sent_at ?? undefined, reason: row.reason ?? undefined, createdAt: row.created_at,
  },
});

/** How commands get into the table `dispatches`: each once, many at a time. */
@Injectable()
export class IntentsRepository {
  constructor(private readonly database: Database) {}

  /** Gives what came of each, in that order, and the database's time. A dispatch that finds its lane busy is due again after `laneMs`. */
  async enter(intents: readonly Intent[], laneMs: number): Promise<{ entered: Entered[]; at?: Date }> {
    // One that came twice at once enters once.
    const first = [...new Map(intents.map((intent) => [intent.commandId, intent])).values()];
    const rows = await this.#enter(first, laneMs);
    const fresh = new Map(rows.map((row) => [row.command_id, row]));
    const dispatches = await this.#known(intents.filter((intent) => !fresh.has(intent.commandId) || !first.includes(intent)));
    const entered = intents.map((intent): Entered => {
      const row = first.includes(intent) ? fresh.get(intent.commandId) : undefined;
      return row ? enteredOf(intent, row) : { kind: 'known', dispatch: dispatches.get(intent.commandId)! };
    });
    return { entered, at: rows[0]?.claimed_at };
  }

  /** A command that was cancelled before it came: when it comes, it is known and settled. @returns false when it has come meanwhile */
  async cancelled(tx: Queryable, intent: Omit<Intent, 'ms' | 'careful'>, outcome: CloudEvent<TriggerResult>): Promise<boolean> {
    const { commandId, command, trace, lane } = intent;
    const rows = await tx.query(
      `INSERT INTO dispatches (command_id, run_id, step, purpose, n, connection, action, command, trace, lane, state, reason, outcome, next_attempt_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'FAILED', $11, $12, NULL) ON CONFLICT (command_id) DO NOTHING RETURNING command_id`,
      [commandId, command.run, command.step, command.purpose, command.n, command.connection, command.action, JSON.stringify(command), JSON.stringify(trace), lane,
        intent.reason, JSON.stringify(outcome)],
    );
    return rows.length > 0;
  }

  async #enter(intents: readonly Intent[], laneMs: number): Promise<EnteredRow[]> {
    const locks = intents.flatMap(({ send, careful, lane, command }) => [
      ...(send?.exclusive ? [lane] : []), ...(careful ? [`step|${command.run}|${command.step}|${command.purpose}`] : []),
    ]);
    if (locks.length === 0) return this.#insert(this.database, intents, laneMs);
    const later = intents.filter(({ command }) => command.n > 1);
    return this.database.transaction(async (tx) => {
      const [, rows] = await Promise.all([tx.query(LOCK, [locks]), this.#insert(tx, intents, laneMs), this.#supersedeEarlier(tx, later)]);
      return rows;
    });
  }

  async #insert(tx: Queryable, intents: readonly Intent[], laneMs: number): Promise<EnteredRow[]> {
    const columns = columnsOf(intents, [
      ({ commandId }) => commandId, ({ command }) => command.run, ({ command }) => command.step, ({ command }) => command.purpose, ({ command }) => command.n,
      ({ command }) => command.connection, ({ command }) => command.action, ({ command }) => JSON.stringify(command), ({ trace }) => JSON.stringify(trace),
      ({ lane }) => lane, ({ carrier }) => carrier, ({ send }) => send !== undefined, ({ send }) => send?.exclusive ?? false, ({ ms }) => Math.round(ms),
      ({ reason }) => reason ?? null,
    ]);
    return tx.query<EnteredRow>(ENTER, [...columns, laneMs, intents.map(({ waitsForLane }) => waitsForLane ?? false)]);
  }

  async #supersedeEarlier(tx: Queryable, intents: readonly Intent[]): Promise<void> {
    if (intents.length === 0) return;
    await tx.query(SUPERSEDE, columnsOf(intents, [
      ({ command }) => command.run, ({ command }) => command.step, ({ command }) => command.purpose, ({ command }) => command.n, ({ lane }) => lane,
    ]));
  }

  async #known(intents: readonly Intent[]): Promise<Map<string, Dispatch>> {
    if (intents.length === 0) return new Map();
    const rows = await this.database.query<Row>('SELECT * FROM dispatches WHERE command_id = ANY($1)', [intents.map(({ commandId }) => commandId)]);
    return new Map(rows.map((row) => [row.command_id, toDispatch(row)]));
  }
}
