import type { CloudEvent, Command, ReadOutputs, TriggerResult } from '@stellwerk/contracts';
import type { TraceHeaders } from '@stellwerk/service-kit';
import type { StartedRun } from '../adapter.js';
import type { Dispatch, DispatchState } from './dispatch.types.js';

/** A row of the table `dispatches`. */
export interface Row {
  command_id: string; connection: string; command: Command; trace: TraceHeaders; lane: string; state: DispatchState;
  attempt: number; fence: string; carrier: boolean; first_sent_at: Date | null; sent_at: Date | null; called_at: Date | null;
  absent_at: Date | null; looks: number; unknown_told_at: Date | null; handle: string | null; run: StartedRun | null;
  run_key: string | null; outputs: ReadOutputs | null; reason: string | null; outcome: CloudEvent<TriggerResult> | null; created_at: Date; was?: DispatchState; claimed_at?: Date;
}

export const toDispatch = (row: Row): Dispatch => ({
  commandId: row.command_id, connection: row.connection, command: row.command, trace: row.trace, lane: row.lane, state: row.state,
  attempt: row.attempt, fence: String(row.fence), carrier: row.carrier, firstSentAt: row.first_sent_at ?? undefined,
  sentAt: row.sent_at ?? undefined, calledAt: row.called_at ?? undefined, absentAt: row.absent_at ?? undefined, looks: row.looks,
  unknownToldAt: row.unknown_told_at ?? undefined, handle: row.handle ?? undefined, run: row.run ?? undefined,
  runKey: row.run_key ?? undefined, outputs: row.outputs ?? undefined, reason: row.reason ?? undefined, outcome: row.outcome ?? undefined, createdAt: row.created_at,
});

/** What a step of a dispatch changes; what is left out stays. */
export interface DispatchChange {
  state: DispatchState;
  /** Null: settled, nothing more to do. */
  nextAt: Date | null;
  laneWait?: boolean;
  carrier?: boolean;
  calledAt?: Date | null;
  absentAt?: Date | null;
  looks?: number;
  unknownToldAt?: Date;
  handle?: string;
  run?: StartedRun;
  runKey?: string;
  outputs?: ReadOutputs;
  reason?: string | null;
  outcome?: CloudEvent<TriggerResult>;
}

/** Objects are stored as JSON. */
export const asParameter = (value: unknown): unknown => (typeof value === 'object' && value !== null && !(value instanceof Date) ? JSON.stringify(value) : value ?? null);

/** Many rows as one array a column, for `unnest`. */
export const columnsOf = <T>(rows: readonly T[], columns: readonly ((row: T) => unknown)[]): unknown[][] =>
  columns.map((column) => rows.map((row) => asParameter(column(row))));
