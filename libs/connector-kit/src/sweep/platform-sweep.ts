import type { ConnectionCalls } from '../calls/connection-calls.js';
import type { Connection } from '../connection.js';
import type { Pace } from './pace.js';

/** One turn at one source. It ends by itself at `until`; what is left is for the next one. */
export interface SweepTurn<Cursor> {
  connection: Connection;
  calls: ConnectionCalls;
  source: string;
  /** Where the last turn stopped; `{}` at the first. */
  cursor: Partial<Cursor>;
  /** Before every call: keeps the sweeps of this connection within their share of the platform's quota. */
  pace: Pace;
  /** Ms since 1970. */
  until: number;
  /** Keeps the cursor and the lease. @returns false when another replica has taken over: stop, and do nothing more */
  keep(cursor: Partial<Cursor>): Promise<boolean>;
}

export interface SweepEnd<Cursor> {
  cursor: Partial<Cursor>;
  /** The next turn comes after so long. */
  nextMs: number;
  /** What a person should know; shown in the connection's health until a turn gives none. */
  note?: string;
}

/** How a platform's connector brings back what it was not told. */
export interface PlatformSweep<Cursor = Record<string, unknown>> {
  /** What is swept of a connection, each with a cursor of its own; as the configuration is now. */
  sources(connection: Connection): readonly string[];
  turn(turn: SweepTurn<Cursor>): Promise<SweepEnd<Cursor>>;
}

/** Provider token of the connector's sweep; absent where it has none. */
export const SWEEP: unique symbol = Symbol('stellwerk.platform-sweep');
