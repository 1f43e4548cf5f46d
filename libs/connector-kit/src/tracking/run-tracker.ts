import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ConnectionPool } from '../calls/connection-pool.js';
import { pollGapMs } from '../calls/quota.js';
import { Loop } from '../loop.js';
import { TIMING_TOKEN, type Timing } from '../timing.js';
import { RunPoller } from './poll-runs.js';
import { WatchRepository, type WatchedRun } from './watch.repository.js';

/** Repositories looked at in one round. */
const ROUND = 20;
/** While there is something to follow, rounds come so often. */
const BUSY_MS = 500;

/** Follows what we started until its end is told: one look per repository and interval, slower while hooks come. */
@Injectable()
export class RunTracker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #loop = new Loop('tracking.failed', () => this.#round());

  constructor(
    private readonly watches: WatchRepository,
    private readonly poller: RunPoller,
    private readonly pool: ConnectionPool,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#loop.stop();
  }

  async #round(): Promise<number> {
    const due = await this.watches.due(ROUND);
    await Promise.all(due.map(async ({ connection, repository }) => this.#visit(connection, repository)));
    return due.length > 0 ? BUSY_MS : this.timing.sweepMs;
  }

  async #visit(name: string, repository: string): Promise<void> {
    const runs = await this.watches.watchedIn(name, repository);
    const calls = this.pool.of(name);
    const keys = runs.map((run) => run.runKey);
    if (!calls) return this.watches.nextPoll(keys, this.timing.follow.firstMs);
    const every = calls.connection.poll.everyMs;
    const gap = Math.max(Math.min(every, this.timing.follow.firstMs), pollGapMs(calls.quota, Date.now()));
    if (!(await this.watches.claimRepository(name, repository, gap))) return this.watches.nextPoll(keys, gap);
    await this.#schedule(runs, every);
    await this.poller.poll(calls, repository, runs);
  }

  /** Before the look, so that a look that hangs or fails is followed by the next all the same. */
  async #schedule(runs: readonly WatchedRun[], everyMs: number): Promise<void> {
    const withHooks = runs.filter((run) => run.hookSeenAt).map((run) => run.runKey);
    const without = runs.filter((run) => !run.hookSeenAt).map((run) => run.runKey);
    await this.watches.nextPoll(withHooks, everyMs * this.timing.follow.hookFactor);
    await this.watches.nextPoll(without, everyMs);
  }
}
