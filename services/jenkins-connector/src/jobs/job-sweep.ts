import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ConnectionPool, Loop, TIMING_TOKEN, type Timing } from '@stellwerk/connector-kit';
import { messageOf } from '@stellwerk/service-kit';
import { namedJobsOf } from './named-jobs.js';
import { NamedJobsRepository, type HeldJob, type NamedJob } from './named-jobs.repository.js';
import { VisitRunner } from './run-visit.js';
import { KEPT_DAYS } from './visit-named-job.js';

/** Named jobs that one replica looks at at a time. */
const PARALLEL = 8;
/** Hooks come as long as the last one is no older. */
const HOOKS_WITHIN_MS = 15 * 60_000;
const UPKEEP_MS = 3_600_000;

/** Finds builds that nobody told us of: each named job is looked at by one replica at a time, every `poll.every`, a quarter as often while hooks come. */
@Injectable()
export class JobSweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger(JobSweep.name);
  readonly #loop = new Loop('jobs.failed', () => this.#round());
  readonly #busy = new Set<Promise<void>>();
  #entered = '';
  #keptUpAt = -Infinity;

  constructor(
    private readonly pool: ConnectionPool,
    private readonly named: NamedJobsRepository,
    private readonly runner: VisitRunner,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.runner.stop();
    await this.#loop.stop();
    await Promise.all(this.#busy);
  }

  async #round(): Promise<number> {
    const named = namedJobsOf(this.pool.connections());
    await this.#keepUp(named);
    await this.#enter(named);
    const limit = named.length > 0 ? PARALLEL - this.#busy.size : 0;
    const held = limit > 0 ? await this.named.claim(this.#leased(named), { limit, hooksWithinMs: HOOKS_WITHIN_MS }) : [];
    for (const one of held) this.#take(one);
    return this.timing.sweepMs;
  }

  #leased(named: readonly NamedJob[]): (NamedJob & { leaseMs: number })[] {
    const leases = new Map(this.pool.connections().map(({ name, limits }) => [name, limits.timeoutMs * this.timing.leaseInTimeouts]));
    return named.map((one) => ({ ...one, leaseMs: leases.get(one.connection)! }));
  }

  #take(held: HeldJob): void {
    const work: Promise<void> = this.runner.run(held)
      .catch((error: unknown) => this.#log.warn({ err: error, connection: held.connection, job: held.job, reason: messageOf(error) }, 'jobs.visit-failed'))
      .finally(() => this.#busy.delete(work));
    this.#busy.add(work);
  }

  async #enter(named: readonly NamedJob[]): Promise<void> {
    const names = JSON.stringify(named);
    if (named.length > 0 && names !== this.#entered) await this.named.enter(named);
    this.#entered = names;
  }

  async #keepUp(named: readonly NamedJob[]): Promise<void> {
    if (performance.now() - this.#keptUpAt < UPKEEP_MS) return;
    await this.named.forget(named, KEPT_DAYS);
    this.#keptUpAt = performance.now();
  }
}
