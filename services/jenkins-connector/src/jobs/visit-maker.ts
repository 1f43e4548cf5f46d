import { Injectable } from '@nestjs/common';
import { ConnectionPool, Semaphore, pollGapMs, type Connection, type ConnectionCalls } from '@stellwerk/connector-kit';
import type { Visit } from './look-at-job.js';
import { namedJobsOf } from './named-jobs.js';
import { NamedJobsRepository, type HeldJob } from './named-jobs.repository.js';
import { LeaseLost, VisitReads } from './visit-reads.js';

/** Looks may use this share of a connection's calls in flight, and one at least: the others are for what was ordered. */
const SHARE = 0.2;

/** Gives visits their reads. */
@Injectable()
export class VisitMaker {
  readonly #shares = new WeakMap<ConnectionCalls, Semaphore>();

  constructor(
    private readonly pool: ConnectionPool,
    private readonly named: NamedJobsRepository,
  ) {}

  /** Undefined for a connection that is not configured any more. `isStopping`: then no further call is made. */
  make(held: HeldJob, isStopping: () => boolean): Visit | undefined {
    const calls = this.pool.of(held.connection);
    if (!calls) return undefined;
    const stay = async (): Promise<void> => {
      if (isStopping() || !(await this.named.keep(held))) throw new LeaseLost(held.job);
    };
    return { held, connection: calls.connection, reads: new VisitReads(calls, this.#shareOf(calls), stay) };
  }

  /** The least time, in ms, between visits of so many calls that keeps those to all named jobs within the share of what the platform still allows; 0 = no bound. */
  quotaGapMs(connection: Connection, calls: number): number {
    return pollGapMs(this.pool.of(connection.name)?.quota, Date.now()) * calls * namedJobsOf([connection]).length;
  }

  #shareOf(calls: ConnectionCalls): Semaphore {
    const known = this.#shares.get(calls);
    if (known) return known;
    const share = new Semaphore(Math.max(1, Math.floor(calls.connection.limits.concurrency * SHARE)));
    this.#shares.set(calls, share);
    return share;
  }
}
