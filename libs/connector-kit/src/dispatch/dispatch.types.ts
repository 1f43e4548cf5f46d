import type { CloudEvent, Command, ReadOutputs, TriggerResult } from '@stellwerk/contracts';
import type { TraceHeaders } from '@stellwerk/service-kit';
import type { StartedRun } from '../adapter.js';

/**
 * PENDING: to be sent when due (also parked) · DISPATCHING: being sent under a lease · TRIGGERED: the platform took it; without
 * `run` its run is still to be told from the queue item or looked up · FAILED: it will not run · UNKNOWN: it may run, is looked up.
 */
export type DispatchState = 'PENDING' | 'DISPATCHING' | 'TRIGGERED' | 'FAILED' | 'UNKNOWN';

export interface Dispatch {
  commandId: string;
  connection: string;
  command: Command;
  trace: TraceHeaders;
  lane: string;
  state: DispatchState;
  /** Sends begun, from 1. */
  attempt: number;
  /** Goes up with each claim; a write under an older one is refused. */
  fence: string;
  carrier: boolean;
  firstSentAt?: Date;
  /** Set right before the call of the present attempt; absent = proven unsent. */
  sentAt?: Date;
  /** When the outcome of the last call became unknown. */
  calledAt?: Date;
  /** First of the look-ups that agree on "absent". */
  absentAt?: Date;
  looks: number;
  unknownToldAt?: Date;
  handle?: string;
  run?: StartedRun;
  runKey?: string;
  /** What the platform gave when it took it, until its run is known. */
  outputs?: ReadOutputs;
  reason?: string;
  /** The last `trigger.*` event, as published. */
  outcome?: CloudEvent<TriggerResult>;
  createdAt: Date;
}

/** A dispatch as claimed, with the state it was found in. */
export interface Claim {
  dispatch: Dispatch;
  was: DispatchState;
  /** The database's time of the claim. */
  at: Date;
}

export type DueDispatch = Pick<Dispatch, 'commandId' | 'connection'>;
