import { Inject, Injectable } from '@nestjs/common';
import type { Command } from '@stellwerk/contracts';
import { StoreAwayError, messageOf, type TraceHeaders } from '@stellwerk/service-kit';
import { LaneBusy, NoRoom } from '../calls/call.errors.js';
import type { ConnectionCalls } from '../calls/connection-calls.js';
import { ConnectionPool } from '../calls/connection-pool.js';
import { TIMING_TOKEN, type Timing } from '../timing.js';
import type { Dispatch } from './dispatch.types.js';
import { SendPreparer, type Prepared } from './prepare-send.js';
import { NO_ROOM_RETRY_MS } from './send-outcome.js';

/** A command that has just come. */
export interface Arrival {
  commandId: string;
  command: Command;
  trace: TraceHeaders;
  lane: string;
}

/** It can go out at once. */
export interface Admitted extends Prepared {
  /** The dispatch, once it has entered the table. */
  became(dispatch: Dispatch): void;
}

/** It cannot go out now; due after so many ms. */
export interface Postponed {
  waitMs: number;
  reason: string;
  /** Who leaves its lane wakes it. */
  waitsForLane?: boolean;
}

const NOT_READY_MS = 2_000;

/** Decides whether a command goes straight out or waits in the table. */
@Injectable()
export class Admission {
  constructor(
    private readonly pool: ConnectionPool,
    private readonly preparer: SendPreparer,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  async admit(arrival: Arrival): Promise<Admitted | Postponed> {
    const { connection } = arrival.command;
    const calls = this.pool.of(connection);
    if (!calls) return { waitMs: NOT_READY_MS, reason: `connection "${connection}" is not configured` };
    const closed = closedFor(calls);
    if (closed) return closed;
    let became: Dispatch | undefined;
    try {
      const prepared = await this.preparer.prepare({ of: { ...arrival, connection, carrier: true }, dispatch: () => became!, most: this.timing.admission.most });
      return { ...prepared, became: (dispatch) => void (became = dispatch) };
    } catch (error) {
      return this.#postponed(error);
    }
  }

  /** Other faults its send from the table will meet again, and say what they mean. */
  #postponed(error: unknown): Postponed {
    if (error instanceof StoreAwayError) throw error;
    const reason = messageOf(error);
    if (error instanceof LaneBusy) return { waitMs: this.timing.lane.baseMs, reason, waitsForLane: true };
    return { waitMs: error instanceof NoRoom ? NO_ROOM_RETRY_MS : 0, reason };
  }
}

const closedFor = (calls: ConnectionCalls): Postponed | undefined => {
  const until = calls.gates.closedUntil;
  if (until) return { waitMs: until.getTime() - Date.now(), reason: calls.gates.paused ?? 'the connection is rate limited' };
  return calls.triggers.state === 'open' ? { waitMs: calls.triggers.opensInMs, reason: 'the circuit breaker is open' } : undefined;
};
